import {
  jwkThumbprint,
  publicJwkOf,
  type PrivateJwk,
  type PublicJwk,
  type Signer,
  type SuiteName,
} from '#libs/jose-profile';
import { generatePrivateJwk } from '#libs/jose-profile/node';
import { generateSmJwk, smCrypto } from './sm-crypto-port.js';

/** A generated key: ready to sign, and in parts for whoever must be handed it. */
export interface TestKey extends Signer {
  readonly publicJwk: PublicJwk;
  readonly privateJwk: PrivateJwk;
}

export interface MemberKeys {
  readonly attest: TestKey;
  readonly status: TestKey;
  readonly statement: TestKey;
}

/** The suite of each of a member's keys: ES256 where none is said. */
export type MemberSuites = Partial<Readonly<Record<keyof MemberKeys, SuiteName>>>;

export interface PartnerKeys {
  readonly statement: TestKey;
  readonly receipt: TestKey;
}

/** Three roots and three officers, each of another organisation (`root-1`, `officer-1`, …), and everybody else's keys. */
export interface AllianceKeys {
  readonly roots: readonly [TestKey, TestKey, TestKey];
  readonly officers: readonly [TestKey, TestKey, TestKey];
  readonly online: TestKey;
  member(id: string): MemberKeys;
  partner(id: string): PartnerKeys;
}

/** A fresh key; of ES256 unless told. */
export async function generateTestKey(suite: SuiteName = 'ES256'): Promise<TestKey> {
  const privateJwk = suite === 'SM2' ? generateSmJwk() : await generatePrivateJwk(suite);
  const publicJwk = publicJwkOf(privateJwk);
  const key = await smCrypto.importPrivateKey(suite, privateJwk);
  return { key, kid: await jwkThumbprint(publicJwk, smCrypto), publicJwk, privateJwk };
}

/** The keys of a new alliance with these members and partners. */
export async function generateAllianceKeys(plan: {
  readonly members?: readonly { readonly id: string }[];
  readonly suites?: Readonly<Record<string, MemberSuites>>;
  readonly partners?: readonly { readonly id: string }[];
}): Promise<AllianceKeys> {
  const three = async () => [await generateTestKey(), await generateTestKey(), await generateTestKey()] as const;
  const members = new Map<string, MemberKeys>();
  for (const { id } of plan.members ?? []) {
    const { attest, status, statement } = plan.suites?.[id] ?? {};
    members.set(id, {
      attest: await generateTestKey(attest),
      status: await generateTestKey(status),
      statement: await generateTestKey(statement),
    });
  }
  const partners = new Map<string, PartnerKeys>();
  for (const { id } of plan.partners ?? [])
    partners.set(id, { statement: await generateTestKey(), receipt: await generateTestKey() });
  return {
    roots: await three(),
    officers: await three(),
    online: await generateTestKey(),
    member: (id) => keysOf(members, id),
    partner: (id) => keysOf(partners, id),
  };
}

function keysOf<Entry>(entries: ReadonlyMap<string, Entry>, id: string): Entry {
  const entry = entries.get(id);
  if (entry === undefined) throw new RangeError(`the plan has no ${id}`);
  return entry;
}
