import { describe, expect, it } from '@jest/globals';
import { encodeBase64url, type JsonObject, type JsonValue } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { disclosureDigest, parseDisclosure, type Disclosure } from './disclosures.js';
import { processDisclosures } from './process-disclosures.js';

const SALT = 'AAAAAAAAAAAAAAAAAAAAAA';

interface Made {
  readonly digest: string;
  readonly disclosure: Disclosure;
}

/** A disclosure of `[salt, …]`, and the digest that refers to it. */
async function make(...rest: readonly JsonValue[]): Promise<Made> {
  const text = encodeBase64url(new TextEncoder().encode(JSON.stringify([SALT, ...rest])));
  const parsed = parseDisclosure(text);
  if (!parsed.ok) throw new Error(parsed.fault);
  return { digest: await disclosureDigest(text, nodeCrypto), disclosure: parsed.value };
}

async function outcome(payload: JsonObject, ...made: readonly Made[]): Promise<unknown> {
  const disclosures = made.map(({ disclosure }) => disclosure);
  const result = await processDisclosures(payload, disclosures, nodeCrypto);
  return result.ok ? result.value : result.fault;
}

describe('processing disclosures (RFC 9901 §7.1)', () => {
  it('step 3.c.ii.4: inserts a claim where its digest stands, and takes all digests out (3.e, 3.f)', async () => {
    const given = await make('given_name', 'Mei');
    const payload = { iss: 'i', _sd_alg: 'sha-256', _sd: [given.digest, 'decoy'], address: { _sd: ['decoy-2'] } };
    expect(await outcome(payload, given)).toEqual({ iss: 'i', given_name: 'Mei', address: {} });
  });

  it('step 3.c.iii: replaces an array element; 3.d: leaves out one that nothing matches', async () => {
    const element = await make('CN');
    const payload = { nationalities: [{ '...': element.digest }, 'DE', { '...': 'decoy' }] };
    expect(await outcome(payload, element)).toEqual({ nationalities: ['CN', 'DE'] });
  });

  it('steps 3.c.ii.5 and 3.c.iii.3: goes into what was disclosed', async () => {
    const inner = await make('street', 'x');
    const element = await make({ _sd: [inner.digest] });
    const outer = await make('address', [{ '...': element.digest }]);
    expect(await outcome({ _sd: [outer.digest] }, inner, outer, element)).toEqual({ address: [{ street: 'x' }] });
  });

  it('step 2.d: knows SHA-256 only', async () => {
    for (const _sd_alg of ['sha-512', 'SHA-256', '', null, 1, ['sha-256']])
      expect(await outcome({ _sd_alg })).toBe('SD_ALG_REFUSED');
  });

  it('step 3.b: refuses `_sd`, `...` and `_sd_alg` where they have no business', async () => {
    for (const payload of [
      { _sd: 'x' },
      { _sd: [1] },
      { _sd: {} },
      { a: { _sd: null } },
      { a: { _sd_alg: 'sha-256' } },
      { '...': 'x' },
      { a: [{ '...': 'x', b: 1 }] },
      { a: [{ '...': 1 }] },
      { a: { '...': 'x' } },
    ])
      expect(await outcome(payload)).toBe('SD_MALFORMED');
  });

  it('steps 3.c.ii.1 and 3.c.iii.1: a claim takes three elements, an array element two', async () => {
    const claim = await make('a', 1);
    const element = await make(1);
    expect(await outcome({ _sd: [element.digest] }, element)).toBe('DISCLOSURE_KIND_WRONG');
    expect(await outcome({ list: [{ '...': claim.digest }] }, claim)).toBe('DISCLOSURE_KIND_WRONG');
  });

  it.each(['_sd', '...', '_sd_alg'])('step 3.c.ii.2: refuses a claim named %s', async (name) => {
    const made = await make(name, ['x']);
    expect(await outcome({ _sd: [made.digest] }, made)).toBe('DISCLOSURE_NAME_RESERVED');
    expect(await outcome({ a: { _sd: [made.digest] } }, made)).toBe('DISCLOSURE_NAME_RESERVED');
  });

  it('step 3.c.ii.3: refuses a claim that is there already, in the open or disclosed', async () => {
    const [one, other] = [await make('a', 1), await make('a', 2)];
    expect(await outcome({ a: 0, _sd: [one.digest] }, one)).toBe('CLAIM_TWICE');
    expect(await outcome({ _sd: [one.digest, other.digest] }, one, other)).toBe('CLAIM_TWICE');
  });

  it('step 4: refuses a digest that stands twice, used or not, here or inside a disclosure', async () => {
    const made = await make('a', 1);
    const nested = await make('b', { _sd: [made.digest] });
    expect(await outcome({ _sd: ['decoy'], a: { _sd: ['decoy'] } })).toBe('DIGEST_TWICE');
    expect(await outcome({ _sd: [made.digest], b: { _sd: [made.digest] } }, made)).toBe('DIGEST_TWICE');
    expect(await outcome({ _sd: [made.digest, nested.digest] }, made, nested)).toBe('DIGEST_TWICE');
  });

  it('step 5: refuses a disclosure that nothing refers to, and one that came twice', async () => {
    const made = await make('a', 1);
    expect(await outcome({ _sd: ['decoy'] }, made)).toBe('DISCLOSURE_NOT_REFERENCED');
    expect(await outcome({ _sd: [made.digest] }, made, made)).toBe('DISCLOSURE_TWICE');
    // Its digest inside a disclosure that is itself not referenced is no reference.
    const hiding = await make('b', { _sd: [made.digest] });
    expect(await outcome({}, made, hiding)).toBe('DISCLOSURE_NOT_REFERENCED');
  });

  it.each(['iss', 'aud', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status'])(
    '§9.7, SD-JWT VC §3.2.2.2: never lets a disclosure bring %s',
    async (name) => {
      const made = await make(name, 'x');
      expect(await outcome({ _sd: [made.digest] }, made)).toBe('CLAIM_NEVER_DISCLOSED');
      // Deeper down it is a name like any other.
      expect(await outcome({ a: { _sd: [made.digest] } }, made)).toEqual({ a: { [name]: 'x' } });
    },
  );

  it('takes `__proto__` for a name, not for a prototype', async () => {
    const made = await make('__proto__', { at_least: { AA: true } });
    const result = await outcome({ _sd: [made.digest] }, made);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Object.keys(result as object)).toEqual(['__proto__']);
  });
});
