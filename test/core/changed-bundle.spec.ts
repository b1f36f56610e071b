import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  acceptBundle,
  addSignature,
  BUNDLE_JSON_BOUNDS,
  parseBundle,
  signDocument,
  type AllianceTrust,
  type Bundle,
  type SignedDocument,
} from '#libs/alliance';
import { parseStrictJson } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildVisitWorld, flipSignature, generateTestKey, type VisitWorld } from '#libs/testing';
import { anyEdit, anyEditInside, everyPlaceChanged } from './edits.js';
import { meaningOf } from './trust-meaning.js';

const NOW = 1_795_000_000;
const REFUSED = 'refused';

let world: VisitWorld;
let bundle: Bundle;
let next: Bundle;
let visits: readonly string[];
beforeAll(async () => {
  world = await buildVisitWorld(NOW);
  ({ bundle } = world.alliance);
  next = await world.alliance.headAt(NOW + 60);
  visits = [await world.present(), await world.present({ offer: 'rugao-half-a', grade: 'A' })];
});

/** What a gate takes from a bundle as it comes over HTTP: nothing, or a meaning and the verdicts that it leads to. */
async function takenFrom(changed: unknown, held?: AllianceTrust): Promise<string> {
  const json = parseStrictJson(Buffer.from(JSON.stringify(changed)), BUNDLE_JSON_BOUNDS);
  const parsed = json.ok ? parseBundle(json.value) : json;
  if (!parsed.ok) return REFUSED;
  const outcome = await acceptBundle({ anchor: world.alliance.anchor, bundle: parsed.value, held }, nodeCrypto);
  if (!outcome.ok) return REFUSED;
  const trust = outcome.value;
  const verdicts = await Promise.all(visits.map((text) => world.verdictOf(text, { trust })));
  return [meaningOf(trust), ...verdicts.map(({ code }) => code)].join(' ');
}

/** Every signed document of a bundle with the bundle that has another in its place. */
function slots(
  of: Bundle,
): readonly { readonly signed: SignedDocument; readonly put: (other: SignedDocument) => Bundle }[] {
  return [
    { signed: of.delegation, put: (delegation) => ({ ...of, delegation }) },
    { signed: of.round, put: (round) => ({ ...of, round }) },
    ...of.documents.map((signed, index) => ({
      signed,
      put: (other: SignedDocument) => ({ ...of, documents: of.documents.with(index, other) }),
    })),
  ];
}

describe('a bundle with any one byte changed is refused whole (design §4.5)', () => {
  it('where the unchanged one leads to grants', async () => {
    expect(await takenFrom(bundle)).toMatch(/ granted granted$/);
    expect(await takenFrom(next, world.trust)).toMatch(/ granted granted$/);
  });

  it('in the head, at every place and by any byte', async () => {
    const refuses = async (head: string): Promise<void> => {
      expect(await takenFrom({ ...next, head }, world.trust)).toBe(REFUSED);
    };
    for (const head of everyPlaceChanged(next.head)) await refuses(head);
    await fc.assert(fc.asyncProperty(fc.oneof(anyEdit(next.head), anyEditInside(next.head)), refuses), {
      numRuns: 250,
    });
  });

  it('in the payload of the delegation, the round or any document', async () => {
    const edited = fc
      .constantFrom(...slots(next))
      .chain(({ signed, put }) =>
        fc.oneof(anyEdit(signed.payload), anyEditInside(signed.payload)).map((payload) => put({ ...signed, payload })),
      );
    await fc.assert(
      fc.asyncProperty(edited, fc.boolean(), async (changed, isHeld) => {
        expect(await takenFrom(changed, isHeld ? world.trust : undefined)).toBe(REFUSED);
      }),
      { numRuns: 400 },
    );
  });

  it('in any signature that is needed', async () => {
    const edited = fc.constantFrom(...slots(next)).chain(({ signed, put }) =>
      fc.nat({ max: signed.signatures.length - 1 }).chain((index) => {
        const signature = signed.signatures[index] ?? '';
        return fc
          .oneof(anyEdit(signature), anyEditInside(signature))
          .map((other) => put({ ...signed, signatures: signed.signatures.with(index, other) }));
      }),
    );
    await fc.assert(
      fc.asyncProperty(edited, fc.boolean(), async (changed, isHeld) => {
        expect(await takenFrom(changed, isHeld ? world.trust : undefined)).toBe(REFUSED);
      }),
      { numRuns: 400 },
    );
  });
});

describe('an anchor changed in any one byte (docs/wire.md, Anchor)', () => {
  let anchor: SignedDocument;
  let rotated: Bundle;
  beforeAll(async () => {
    const [one, two] = world.alliance.keys.roots;
    const roots = [await generateTestKey(), await generateTestKey(), await generateTestKey()] as const;
    const keys = roots.map(({ publicJwk: jwk }, at) => ({
      jwk,
      alg: 'ES256' as const,
      organisation: `root-${at + 1}`,
    }));
    const content = { version: 2, iat: NOW, threshold: 2, keys };
    anchor = await signDocument('anchor', content, [one, two, roots[0], roots[1]], nodeCrypto);
    let { delegation } = next;
    for (const root of roots.slice(0, 2)) delegation = await addSignature(delegation, 'delegation', root, nodeCrypto);
    rotated = { ...next, delegation, anchors: [anchor] };
  });

  const edited = (): fc.Arbitrary<SignedDocument> => {
    const { payload, signatures } = anchor;
    const inPayload = fc
      .oneof(anyEdit(payload), anyEditInside(payload))
      .map((other) => ({ payload: other, signatures }));
    const inSignature = fc.nat({ max: signatures.length - 1 }).chain((index) => {
      const signature = signatures[index] ?? '';
      return fc
        .oneof(anyEdit(signature), anyEditInside(signature))
        .map((other) => ({ payload, signatures: signatures.with(index, other) }));
    });
    return fc.oneof(inPayload, inSignature);
  };

  it('is refused with its bundle by whoever holds the anchor before', async () => {
    expect(await takenFrom(rotated)).toMatch(/ granted granted$/);
    await fc.assert(
      fc.asyncProperty(edited(), fc.boolean(), async (other, isHeld) => {
        const held = isHeld ? world.trust : undefined;
        expect(await takenFrom({ ...rotated, anchors: [other] }, held)).toBe(REFUSED);
      }),
      { numRuns: 250 },
    );
  });

  it('changes nothing for whoever holds it already: it is passed over', async () => {
    const outcome = await acceptBundle({ anchor: world.alliance.anchor, bundle: rotated }, nodeCrypto);
    if (!outcome.ok) throw new Error(outcome.fault);
    const held = outcome.value;
    const meaning = await takenFrom(rotated, held);
    await fc.assert(
      fc.asyncProperty(edited(), async (other) => {
        expect([meaning, REFUSED]).toContain(await takenFrom({ ...rotated, anchors: [other] }, held));
      }),
      { numRuns: 150 },
    );
  });
});

describe('the bytes of a signature are no part of what is signed (docs/wire.md: the digest is of the payload)', () => {
  it('so a flipped s in any one signature changes no meaning: delegation, round and documents', async () => {
    const [fresh, later] = [await takenFrom(next), await takenFrom(next, world.trust)];
    for (const { signed, put } of slots(next))
      for (const [index, signature] of signed.signatures.entries()) {
        const flipped = put({ ...signed, signatures: signed.signatures.with(index, flipSignature(signature)) });
        expect(await takenFrom(flipped)).toBe(fresh);
        expect(await takenFrom(flipped, world.trust)).toBe(later);
      }
  });

  it('nor in the head, whose digest is of its signing input', async () => {
    const flipped = { ...next, head: flipSignature(next.head) };
    expect(await takenFrom(flipped, world.trust)).toBe(await takenFrom(next, world.trust));
    const again = { ...bundle, head: flipSignature(bundle.head) };
    expect(await takenFrom(again, world.trust)).toBe(await takenFrom(bundle, world.trust));
  });

  it('and a signature beyond those needed counts for nothing, changed or left out', async () => {
    const [member] = slots(next).slice(2);
    if (member === undefined) throw new Error('a bundle has documents');
    const { officers } = world.alliance.keys;
    const more = await addSignature(member.signed, 'member', officers[2], nodeCrypto);
    const meaning = await takenFrom(next);
    expect(more.signatures).toHaveLength(3);
    expect(await takenFrom(member.put(more))).toBe(meaning);
    const third = more.signatures.at(-1) ?? '';
    // Another kid makes it a stranger's; anything else makes it a wrong one by an officer, which refuses the document.
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyEdit(third), anyEditInside(third)), async (other) => {
        const changed = member.put({ ...more, signatures: more.signatures.with(2, other) });
        expect([meaning, REFUSED]).toContain(await takenFrom(changed));
      }),
      { numRuns: 250 },
    );
  });
});
