import type { AllianceTrust } from '#libs/alliance';

/** All that an accepted bundle says, as one text: equal texts grant the same. The bytes of signatures are no part of it. */
export function meaningOf(trust: AllianceTrust): string {
  const documents = [...trust.documents.values()].map(({ digest, payload, suspended, inert }) => ({
    digest,
    payload,
    suspended,
    inert,
  }));
  return JSON.stringify({
    ...trust,
    suspended: [...trust.suspended].toSorted(),
    documents: documents.toSorted((one, other) => (one.digest < other.digest ? -1 : 1)),
  });
}
