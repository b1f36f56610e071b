import type { AllianceTrust, Name } from '#libs/alliance';
import { lookUpBand } from '../band-lookup/look-up-band.js';

/**
 * What the alliance knows of a member's grades: `mapped`, a table is in effect for a scheme of it; `not_mapped`, it has
 * declared a scheme, and none is; `not_declared`, it has declared none, so that whatever it signs has no band; `suspended`.
 */
export type MemberStatus = 'mapped' | 'not_mapped' | 'not_declared' | 'suspended';

export interface ListedMember {
  readonly id: string;
  readonly place: string;
  readonly name: Name;
  readonly status: MemberStatus;
  readonly schemes: readonly ListedScheme[];
}

interface ListedScheme {
  readonly id: string;
  readonly fingerprint: string;
  /** Whether a table is in effect for it. */
  readonly mapped: boolean;
}

/**
 * Every member under the present head with the schemes it has declared, by place.
 * @param day `YYYY-MM-DD`, Asia/Shanghai
 */
export function listMembers(trust: AllianceTrust, day: string): readonly ListedMember[] {
  const documents = [...trust.documents.values()];
  const members = documents.flatMap((document) => (document.payload.type === 'member' ? [document.payload] : []));
  const declared = documents.flatMap((document) => (document.payload.type === 'scheme' ? [document.payload] : []));
  return members
    .map(({ id, place, name }) => {
      const schemes = declared
        .filter(({ member }) => member === id)
        .map((scheme) => ({ id: scheme.id, fingerprint: scheme.fingerprint, mapped: isMapped(trust, scheme, day) }))
        .toSorted((one, other) => compare(one.id, other.id) || compare(one.fingerprint, other.fingerprint));
      return { id, place, name, status: statusOf(trust, id, schemes), schemes };
    })
    .toSorted((one, other) => compare(one.place, other.place) || compare(one.id, other.id));
}

function isMapped(
  trust: AllianceTrust,
  {
    id,
    fingerprint,
    grades,
  }: { readonly id: string; readonly fingerprint: string; readonly grades: readonly string[] },
  day: string,
): boolean {
  return lookUpBand(trust, { scheme: id, fingerprint, grade: grades[0] ?? '', day }).table !== null;
}

function statusOf(trust: AllianceTrust, id: string, schemes: readonly ListedScheme[]): MemberStatus {
  if (trust.member(id)?.suspended !== false) return 'suspended';
  if (schemes.length === 0) return 'not_declared';
  return schemes.some(({ mapped }) => mapped) ? 'mapped' : 'not_mapped';
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
