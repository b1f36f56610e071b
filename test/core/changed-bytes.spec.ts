import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodePresentationQr, encodePresentationQr } from '#libs/attestation';
import { nodeCrypto } from '#libs/jose-profile/node';
import { decodeStatusList, type StatusListExpectation } from '#libs/status-list';
import { buildVisitWorld, flipSignature, statusListOf, type VisitWorld } from '#libs/testing';
import { anyEdit, anyEditInside, everyPlaceChanged } from './edits.js';
import { printedCard, vouchedFor } from './other-ways.js';

const NOW = 1_795_000_000;
const COUNTY = 'https://rongcheng.example';
const GIVING = ['granted', 'check_by_hand'];

let world: VisitWorld;
let sufficient: string;
let insufficient: string;
beforeAll(async () => {
  world = await buildVisitWorld(NOW);
  const proof = await world.issue();
  sufficient = await world.present({ proof });
  insufficient = await world.present({ proof, threshold: 'A' });
});

const codeOf = async (text: string): Promise<string> => (await world.verdictOf(text)).code;

describe('a presentation changed in any one byte is never granted (RFC 9901 §7.1, §7.3)', () => {
  it('where the unchanged one is, and one that shows too little is not', async () => {
    expect([await codeOf(sufficient), await codeOf(insufficient)]).toEqual(['granted', 'no_proof']);
  });

  it('at every place', async () => {
    for (const text of everyPlaceChanged(sufficient)) expect(GIVING).not.toContain(await codeOf(text));
  });

  it('by any byte more, less, other, twice or swapped', async () => {
    const edited = fc.oneof(anyEdit(sufficient), anyEdit(insufficient));
    await fc.assert(
      fc.asyncProperty(edited, async (text) => expect(GIVING).not.toContain(await codeOf(text))),
      { numRuns: 2_000 },
    );
  });

  it('inside any part, encoded anew', async () => {
    const edited = fc.oneof(anyEditInside(sufficient), anyEditInside(insufficient));
    await fc.assert(
      fc.asyncProperty(edited, async (text) => expect(GIVING).not.toContain(await codeOf(text))),
      { numRuns: 2_000 },
    );
  });

  it('but for s in the last signature, and then it is the same proof (design §4: identity by signing input)', async () => {
    const [shown, flipped] = [await world.visit(sufficient), await world.visit(flipSignature(sufficient))];
    expect(flipped.decision.code).toBe('granted');
    expect(flipped.evidence.memory).toEqual(shown.evidence.memory);
    // The issuer's signature is under `sd_hash`: there a flipped s is another text than the holder signed.
    const [jws = '', ...rest] = sufficient.split('~');
    expect(await codeOf([flipSignature(jws), ...rest].join('~'))).toBe('refused');
  });
});

describe.each([
  ['card', printedCard, 'check_by_hand'],
  ['voucher', vouchedFor, 'granted'],
] as const)('a %s changed in any one byte is never taken (design §4.2)', (_name, issue, taken) => {
  it('at every place, by any byte, inside any part; under a flipped s it is the same one', async () => {
    const { text, visiting } = await issue(world);
    const verdictOf = async (shown: string): Promise<string> => (await world.verdictOf(shown, visiting)).code;
    expect(await verdictOf(text)).toBe(taken);
    for (const changed of everyPlaceChanged(text)) expect(GIVING).not.toContain(await verdictOf(changed));
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyEdit(text), anyEditInside(text)), async (changed) =>
        expect(GIVING).not.toContain(await verdictOf(changed)),
      ),
      { numRuns: 1_000 },
    );
    const [once, again] = [await world.visit(text, visiting), await world.visit(flipSignature(text), visiting)];
    expect(again.evidence.memory).toEqual(once.evidence.memory);
    expect(again.decision).toEqual(once.decision);
  });
});

describe('a QR text changed in any one byte (docs/wire.md, The rotating QR)', () => {
  it('is no presentation, the very same one, or one that is not granted', async () => {
    const text = encodePresentationQr(sufficient, 'P.EXAMPLE');
    expect(decodePresentationQr(text)).toBe(sufficient);
    const outcomeOf = async (changed: string): Promise<string> => {
      const decoded = decodePresentationQr(changed);
      if (decoded === undefined) return 'unreadable';
      return decoded === sufficient ? 'the same' : codeOf(decoded);
    };
    for (const changed of everyPlaceChanged(text)) expect(GIVING).not.toContain(await outcomeOf(changed));
    await fc.assert(
      fc.asyncProperty(anyEdit(text), async (changed) => expect(GIVING).not.toContain(await outcomeOf(changed))),
      { numRuns: 2_000 },
    );
  });
});

describe('a status list token changed in any one byte (Token Status List §8.3)', () => {
  let token: string;
  let expected: StatusListExpectation;
  beforeAll(async () => {
    token = await statusListOf(world.alliance, COUNTY, { iat: NOW - 60 }, [7, 90_000]);
    const key = await nodeCrypto.importPublicKey('ES256', world.alliance.keys.member(COUNTY).status.publicJwk);
    expected = { uri: `${COUNTY}/s/1`, issuer: COUNTY, key };
  });

  const isRefused = async (text: string): Promise<boolean> => !(await decodeStatusList(text, expected, nodeCrypto)).ok;

  it('is refused, at every place and by any byte', async () => {
    expect(await isRefused(token)).toBe(false);
    for (const text of everyPlaceChanged(token)) expect(await isRefused(text)).toBe(true);
    const edited = fc.oneof(anyEdit(token), anyEditInside(token));
    await fc.assert(
      fc.asyncProperty(edited, async (text) => expect(await isRefused(text)).toBe(true)),
      { numRuns: 2_000 },
    );
  });

  it('is the same list under a flipped s: digest, times and bits', async () => {
    const [list, flipped] = await Promise.all(
      [token, flipSignature(token)].map((text) => decodeStatusList(text, expected, nodeCrypto)),
    );
    expect(flipped).toEqual(list);
    expect(flipped?.ok).toBe(true);
  });
});
