import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeBase64url } from './base64url.js';
import { parseCompactJws, parseDetachedJws } from './compact-jws.js';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from './node-crypto.js';
import { signBoundJws, signCompactJws, signDetachedJws, type Signer } from './sign-jws.js';

const TYP = 'test+jwt';
const part = (value: unknown): string => encodeBase64url(new TextEncoder().encode(JSON.stringify(value)));
const raw = (text: string): string => encodeBase64url(new TextEncoder().encode(text));
const SIGNATURE = encodeBase64url(new Uint8Array(64));

let signer: Signer;
let token: string;
beforeAll(async () => {
  signer = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  token = await signCompactJws(TYP, { b: 1, a: '积分' }, signer, nodeCrypto);
});

const withHeader = (header: unknown): string => `${part(header)}.${part({})}.${SIGNATURE}`;
const faultOf = (text: string): string => {
  const parsed = parseCompactJws(text, { typ: TYP });
  return parsed.ok ? 'none' : parsed.fault;
};

describe('parsing a compact JWS (RFC 7515 §7.1)', () => {
  it('takes apart what was signed', () => {
    const parsed = parseCompactJws(token, { typ: TYP });
    expect(parsed).toMatchObject({
      ok: true,
      value: { alg: 'ES256', typ: TYP, kid: signer.kid, payload: { a: '积分', b: 1 } },
    });
    expect(parsed.ok && parsed.value.signingInput).toBe(token.slice(0, token.lastIndexOf('.')));
    expect(parsed.ok && parsed.value.payload).toEqual({ a: '积分', b: 1 });
  });

  it('has one text per signing input and signature: any other text is refused or means something else', () => {
    const edit = fc.tuple(fc.nat(token.length), fc.nat(2), fc.string({ maxLength: 2 }));
    fc.assert(
      fc.property(edit, ([at, drop, insert]) => {
        const other = token.slice(0, at) + insert + token.slice(at + drop);
        if (other === token) return true;
        const [mine, theirs] = [token, other].map((text) => parseCompactJws(text, { typ: TYP }));
        if (!mine?.ok || !theirs?.ok) return mine?.ok === true;
        const isSameInput = theirs.value.signingInput === mine.value.signingInput;
        return !isSameInput || !Buffer.from(theirs.value.signature).equals(mine.value.signature);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever the text', () => {
    const dotted = fc
      .array(fc.stringMatching(/^[A-Za-z0-9_-]{0,30}$/), { maxLength: 5 })
      .map((parts) => parts.join('.'));
    fc.assert(fc.property(fc.oneof(fc.string(), dotted), (text) => !parseCompactJws(text, { typ: TYP }).ok));
  });

  it('refuses other numbers of parts, empty parts and JSON serialisations', () => {
    const [head, payload, signature] = token.split('.');
    const texts = [
      '',
      '..',
      `${head}.${payload}`,
      `${head}.${payload}.`,
      `.${payload}.${signature}`,
      `${head}..${signature}`,
      `${token}.`,
      `${token}.AAAA`,
      '{"payload":"","signatures":[]}',
    ];
    expect(texts.map(faultOf)).toEqual(texts.map(() => 'JWS_MALFORMED'));
  });

  it('refuses any non-canonical part', () => {
    const [head, payload, signature] = token.split('.');
    expect(
      [
        `${head}=.${payload}.${signature}`,
        `${head}.${payload}=.${signature}`,
        `${head}.${payload}.${signature}==`,
        ` ${token}`,
      ].map(faultOf),
    ).toEqual(Array.from({ length: 4 }, () => 'JWS_NOT_CANONICAL'));
  });

  it('refuses `alg` outside the profile, `none` in every spelling (RFC 8725 §3.1, §3.2)', () => {
    const algs = [
      'none',
      'None',
      'NONE',
      'HS256',
      'RS256',
      'ES384',
      'es256',
      'Ed25519',
      'toString',
      '',
      1,
      null,
      undefined,
      ['ES256'],
    ];
    expect(algs.map((alg) => faultOf(withHeader({ alg, typ: TYP })))).toEqual(algs.map(() => 'JWS_ALG_UNKNOWN'));
  });

  it('refuses every other `typ`, also with a media type prefix or in capitals (RFC 8725 §3.11)', () => {
    const typs = [undefined, 'JWT', 'kb+jwt', `application/${TYP}`, TYP.toUpperCase(), `${TYP} `, null, [TYP]];
    expect(typs.map((typ) => faultOf(withHeader({ alg: 'ES256', typ })))).toEqual(typs.map(() => 'JWS_TYP_WRONG'));
  });

  it('refuses `crit` and `b64`, whatever they hold (RFC 7515 §4.1.11, RFC 7797)', () => {
    const members = [{ crit: [] }, { crit: ['b64'], b64: false }, { crit: ['exp'] }, { b64: true }, { crit: null }];
    expect(members.map((member) => faultOf(withHeader({ alg: 'ES256', typ: TYP, ...member })))).toEqual(
      members.map(() => 'JWS_CRIT_REFUSED'),
    );
  });

  it('takes for `kid` only a thumbprint (RFC 7638)', () => {
    const kids = ['', 'key-1', '../../etc/passwd', 'A'.repeat(42), `${'A'.repeat(42)}=`, `${'A'.repeat(42)}B`, 7, null];
    expect(kids.map((kid) => faultOf(withHeader({ alg: 'ES256', typ: TYP, kid })))).toEqual(
      kids.map(() => 'JWS_KID_MALFORMED'),
    );
  });

  it('refuses a signature that is not 64 bytes, so also DER (RFC 7518 §3.4)', () => {
    const lengths = [0, 1, 63, 65, 70, 72, 128].filter((length) => length > 0);
    const head = part({ alg: 'ES256', typ: TYP });
    expect(lengths.map((length) => faultOf(`${head}.${part({})}.${encodeBase64url(new Uint8Array(length))}`))).toEqual(
      lengths.map(() => 'JWS_SIGNATURE_LENGTH'),
    );
  });

  it('refuses members written twice, in the header and in the payload (RFC 7515 §4)', () => {
    const header = raw(`{"alg":"ES256","typ":"${TYP}","alg":"none"}`);
    expect(faultOf(`${header}.${part({})}.${SIGNATURE}`)).toBe('JSON_DUPLICATE_MEMBER');
    expect(faultOf(`${part({ alg: 'ES256', typ: TYP })}.${raw('{"exp":1,"exp":2}')}.${SIGNATURE}`)).toBe(
      'JSON_DUPLICATE_MEMBER',
    );
  });

  it('refuses a payload that is no JSON object', () => {
    const head = part({ alg: 'ES256', typ: TYP });
    expect(['foo', '[]', '"a"', 'null'].map((text) => faultOf(`${head}.${raw(text)}.${SIGNATURE}`))).toEqual(
      Array.from({ length: 4 }, () => 'JSON_MALFORMED'),
    );
  });

  it('bounds the text, and takes a caller’s bounds', () => {
    expect(faultOf('A'.repeat(16_385))).toBe('JWS_TOO_LARGE');
    expect(parseCompactJws(token, { typ: TYP, maxChars: token.length }).ok).toBe(true);
    expect(parseCompactJws(token, { typ: TYP, maxChars: token.length - 1 })).toEqual({
      ok: false,
      fault: 'JWS_TOO_LARGE',
    });
    expect(parseCompactJws(token, { typ: TYP, bounds: { maxBytes: 4, maxDepth: 1, maxValues: 1 } })).toEqual({
      ok: false,
      fault: 'JSON_TOO_LARGE',
    });
  });

  it('needs no `kid` where the key is learnt elsewhere', async () => {
    const bound = await signBoundJws(TYP, {}, signer.key, nodeCrypto);
    expect(parseCompactJws(bound, { typ: TYP })).toMatchObject({
      ok: true,
      value: { kid: undefined, header: { alg: 'ES256', typ: TYP } },
    });
  });
});

describe('parsing a JWS with detached payload (RFC 7515 appendix F)', () => {
  it('restores the signing input over the payload that travels beside it', async () => {
    const detached = await signDetachedJws(TYP, part({ a: 1 }), signer, nodeCrypto);
    const parsed = parseDetachedJws(detached, part({ a: 1 }), TYP);
    expect(parsed.ok && parsed.value.signingInput).toBe(`${detached.split('.')[0]}.${part({ a: 1 })}`);
  });

  it('refuses a payload inside, another typ, other parts', async () => {
    const detached = await signDetachedJws(TYP, part({}), signer, nodeCrypto);
    const faults = [token, detached.replace('..', '.'), `${detached}.`, detached.replace('..', '...'), '..'].map(
      (text) => parseDetachedJws(text, part({}), TYP),
    );
    expect(faults).toEqual(faults.map(() => ({ ok: false, fault: 'JWS_MALFORMED' })));
    expect(parseDetachedJws(detached, part({}), 'other+jwt')).toEqual({ ok: false, fault: 'JWS_TYP_WRONG' });
    expect(parseDetachedJws('A'.repeat(20_000), part({}), TYP)).toEqual({ ok: false, fault: 'JWS_TOO_LARGE' });
  });

  it('reads a header that was read before as it reads it the first time, whatever typ is asked for', async () => {
    const other = await nodeSigner('EdDSA', await generatePrivateJwk('EdDSA'));
    const tokens = [
      await signDetachedJws(TYP, part({}), signer, nodeCrypto),
      await signDetachedJws('other+jwt', part({}), signer, nodeCrypto),
      await signDetachedJws(TYP, part({}), other, nodeCrypto),
      `${part({ alg: 'none', typ: TYP })}..${SIGNATURE}`,
      `${part({ alg: 'ES256', typ: TYP, crit: [] })}..${SIGNATURE}`,
    ];
    const all = [...tokens, ...tokens.map((each) => each.slice(0, -1)), ...tokens].flatMap((each) =>
      [TYP, 'other+jwt'].map((typ) => [each, typ] as const),
    );
    const read = () => all.map(([each, typ]) => parseDetachedJws(each, part({}), typ));
    const first = read();
    expect(first.filter(({ ok }) => ok)).toHaveLength(6);
    expect(read()).toEqual(first);
    // Whoever sends thousands of headers only makes the known ones be read again.
    for (let n = 0; n < 3_000; n += 1)
      parseDetachedJws(`${part({ alg: 'ES256', typ: TYP, n })}..${SIGNATURE}`, part({}), TYP);
    expect(read()).toEqual(first);
  });
});
