import { beforeAll, describe, expect, it } from '@jest/globals';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from '#libs/jose-profile/node';
import { isSignedBy } from '#libs/jose-profile';
import { issueTierAttestation, type TierIssue } from './issue-tier-attestation.js';
import { parseKeyBinding, sdHash, signKeyBinding } from './key-binding.js';
import { parsePresentation, type TierPresentation } from './parse-presentation.js';
import { readTierDisclosures } from './tier-disclosures.js';

type NodeSigner = Awaited<ReturnType<typeof nodeSigner>>;
let county: NodeSigner;
let holder: NodeSigner;

beforeAll(async () => {
  county = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  holder = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
});

function issue(heldGrades: readonly string[], change: Partial<TierIssue> = {}): Promise<string> {
  return issueTierAttestation(
    {
      iss: 'https://rongcheng.example',
      iat: 1_795_363_200,
      exp: 1_796_572_800,
      vct: 'https://alliance.example/vct/tier/1',
      cnf: holder.publicJwk,
      partner: 'rugao-spot',
      status: { idx: 70_000, uri: 'https://rongcheng.example/s/1' },
      scheme: { id: 'cn-371082-credit', fingerprint: 'abcdefghijklmnopqrstuv' },
      positiveGrades: ['AAA', 'AA', 'A'],
      heldGrades,
      person: { name: '王*明', idLast4: '123X' },
      ...change,
    },
    county,
    nodeCrypto,
  );
}

function parsed(text: string): TierPresentation {
  const result = parsePresentation(text);
  if (!result.ok) throw new Error(result.fault);
  return result.value;
}

describe('issuing a tier attestation (design §4.1)', () => {
  it('carries one digest per positive grade, sorted, whatever the grade', async () => {
    for (const held of [['A'], ['AA', 'A'], ['AAA', 'AA', 'A']]) {
      const { claims } = parsed(await issue(held));
      expect(claims.atLeastDigests).toHaveLength(3);
      expect(claims.atLeastDigests).toEqual(claims.atLeastDigests.toSorted());
      expect(claims.topDigests).toHaveLength(1);
    }
  });

  it('discloses exactly the grades held, each as true, and the masked person', async () => {
    const { jws, disclosures } = parsed(await issue(['AA', 'A']));
    expect(await readTierDisclosures(jws.payload, disclosures, nodeCrypto)).toEqual({
      ok: true,
      value: { thresholds: ['AA', 'A'], person: { name: '王*明', idLast4: '123X' } },
    });
  });

  it('gives two attestations of one resident no digest in common: fresh salts and decoys', async () => {
    const [one, two] = [parsed(await issue(['A'])).claims, parsed(await issue(['A'])).claims];
    expect(one.atLeastDigests.filter((digest) => two.atLeastDigests.includes(digest))).toEqual([]);
    expect(one.topDigests).not.toEqual(two.topDigests);
  });

  it('is refused below the lowest positive grade, for a grade without a slot and for a life over fourteen days', async () => {
    await expect(issue([])).rejects.toThrow(RangeError);
    await expect(issue(['B'])).rejects.toThrow(RangeError);
    await expect(issue(['A'], { exp: 1_795_363_200 + 14 * 86_400 + 1 })).rejects.toThrow(RangeError);
  });

  it('is signed by the county and names its key by thumbprint only', async () => {
    const { jws } = parsed(await issue(['A']));
    expect(jws.header).toEqual({ alg: 'ES256', kid: county.kid, typ: 'dc+sd-jwt' });
    const key = await nodeCrypto.importPublicKey('ES256', county.publicJwk);
    expect(await isSignedBy(jws, key, nodeCrypto)).toBe(true);
  });
});

describe('matching disclosures with digests (RFC 9901 §7.1)', () => {
  const fault = async (text: string): Promise<string | undefined> => {
    const result = parsePresentation(text);
    if (!result.ok) return result.fault;
    const matched = await readTierDisclosures(result.value.jws.payload, result.value.disclosures, nodeCrypto);
    return matched.ok ? undefined : matched.fault;
  };
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('step 5: refuses a disclosure no digest refers to', async () => {
    expect(await fault(`${await issue(['A'])}${encode(['salt', 'AAA', true])}~`)).toBe('DISCLOSURE_NOT_REFERENCED');
  });

  it('step 4: refuses the same disclosure twice', async () => {
    const [jws, first] = (await issue(['A'])).split('~');
    expect(await fault(`${jws}~${first}~${first}~`)).toBe('DISCLOSURE_TWICE');
  });

  it('refuses array-element disclosures, which nothing refers to, and JSON that is not strict', async () => {
    const token = await issue(['A']);
    expect(await fault(`${token}${encode(['salt', true])}~`)).toBe('DISCLOSURE_NOT_REFERENCED');
    expect(await fault(`${token}${encode(['salt', 'A', true])}=~`)).toBe('DISCLOSURE_MALFORMED');
  });
});

describe('key binding (RFC 9901 §4.3)', () => {
  it('covers the attestation and the disclosures as presented', async () => {
    const token = await issue(['AA', 'A']);
    const keyBinding = await signKeyBinding(
      token,
      { iat: 1_795_400_000, aud: 'rugao-spot-east', nonce: 'bm9uY2U', offer: 'rugao-free-aa' },
      holder.key,
      nodeCrypto,
    );
    const presentation = parsed(token + keyBinding);
    expect(presentation.keyBinding?.claims).toEqual({
      iat: 1_795_400_000,
      aud: 'rugao-spot-east',
      nonce: 'bm9uY2U',
      offer: 'rugao-free-aa',
      sdHash: await sdHash(token, nodeCrypto),
    });
    expect(presentation.sdJwt).toBe(token);
  });

  it('is not accepted with a key id, another typ or unknown members', async () => {
    expect(parseKeyBinding(parsed(await issue(['A'])).sdJwt.split('~')[0]!)).toMatchObject({ fault: 'JWS_TYP_WRONG' });
  });
});
