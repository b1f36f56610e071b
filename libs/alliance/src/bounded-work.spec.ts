import { describe, expect, it } from '@jest/globals';
import { nodeCrypto } from '#libs/jose-profile/node';
import type { CryptoPort } from '#libs/jose-profile';
import { buildAlliance, generateTestKey, SMALL_ALLIANCE } from '#libs/testing';
import { acceptBundle } from './accept-bundle.js';
import type { HeldDocument } from './alliance-trust.js';
import { emptyRegister, enter, orderTables } from './document-register.js';
import { addSignature, type SignedDocument } from './signed-document.js';

const NOW = 1_795_000_000;

describe('the work a bundle can cause (design §4.5)', () => {
  it('is not a verification or import more for any number of signatures by keys that nobody listed', async () => {
    const alliance = await buildAlliance(SMALL_ALLIANCE, NOW);
    const strangers = await Promise.all(Array.from({ length: 12 }, () => generateTestKey()));
    const crowded: SignedDocument[] = [];
    for (const document of alliance.bundle.documents) {
      const type = typeOf(document);
      let signed = document;
      for (const stranger of strangers) signed = await addSignature(signed, type, stranger, nodeCrypto);
      crowded.push(signed);
    }
    const costOf = async (documents: readonly SignedDocument[]) => {
      const cost = { verified: 0, imported: 0, digested: 0 };
      const port: CryptoPort = {
        ...nodeCrypto,
        verify: (...input) => ((cost.verified += 1), nodeCrypto.verify(...input)),
        importPublicKey: (...input) => ((cost.imported += 1), nodeCrypto.importPublicKey(...input)),
        sha256: (...input) => ((cost.digested += 1), nodeCrypto.sha256(...input)),
      };
      const bundle = { ...alliance.bundle, documents };
      expect(await acceptBundle({ anchor: alliance.anchor, bundle }, port)).toMatchObject({ ok: true });
      return cost;
    };
    expect(await costOf(crowded)).toEqual(await costOf(alliance.bundle.documents));
  });

  it('grows with the number of table versions of one scheme, not with its square', () => {
    const versions = 4_000;
    let reads = 0;
    const register = emptyRegister();
    for (let index = 0; index < versions; index += 1) {
      const version = 1 + ((index * 1_237) % versions);
      enter(
        register,
        tableOf(version, () => (reads += 1)),
      );
    }
    expect(orderTables(register)).toBeUndefined();
    expect(register.tables.get('s f')?.map(({ payload }) => payload.version)).toHaveLength(versions);
    // Sorting n takes n log n comparisons, each of two versions.
    expect(reads).toBeLessThan(versions * (2 * Math.log2(versions) + 10));
  });
});

function typeOf({ payload }: SignedDocument) {
  const { type } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { type: 'member' | 'table' };
  return type;
}

/** Tables start on the days of their versions; `onRead` hears whenever the version is looked at. */
function tableOf(version: number, onRead: () => void): HeldDocument<'table'> {
  const day = new Date(Date.UTC(2026, 0, version)).toISOString().slice(0, 10);
  const payload: HeldDocument<'table'>['payload'] = {
    type: 'table',
    id: `t${version}`,
    scheme: { id: 's', fingerprint: 'f' },
    get version() {
      onRead();
      return version;
    },
    map: {},
    excluded: [],
    effectiveFrom: day,
  };
  const footing = { owners: [], others: [], panel: 2 };
  const standing = { suspended: false, inert: false, signatures: [], footing };
  return { type: 'table', payload, digest: `d${version}`, signed: { payload: '', signatures: [] }, ...standing };
}
