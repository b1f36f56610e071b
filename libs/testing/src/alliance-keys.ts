import type { PrivateJwk, PublicJwk, Signer } from '#libs/jose-profile';
import { generatePrivateJwk, nodeSigner } from '#libs/jose-profile/node';

/** A generated ES256 key: ready to sign, and in parts for whoever must be handed it. */
export interface TestKey extends Signer {
  readonly publicJwk: PublicJwk;
  readonly privateJwk: PrivateJwk;
}

export interface MemberKeys {
  readonly attest: TestKey;
  readonly status: TestKey;
  readonly statement: TestKey;
}

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

/** A fresh ES256 key. */
export async function generateTestKey(): Promise<TestKey> {
  const privateJwk = await generatePrivateJwk('ES256');
  return { ...(await nodeSigner('ES256', privateJwk)), privateJwk };
}

/** The keys of a new alliance with these members and partners. */
export async function generateAllianceKeys(plan: {
  readonly members?: readonly { readonly id: string }[];
  readonly partners?: readonly { readonly id: string }[];
}): Promise<AllianceKeys> {
  const three = async () => [await generateTestKey(), await generateTestKey(), await generateTestKey()] as const;
  const members = new Map<string, MemberKeys>();
  for (const { id } of plan.members ?? [])
    members.set(id, {
      attest: await generateTestKey(),
      status: await generateTestKey(),
      statement: await generateTestKey(),
    });
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
