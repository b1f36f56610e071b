import type { DocumentType, PayloadOf } from './payloads.js';

interface Stating<Type extends DocumentType> {
  readonly payload: PayloadOf[Type];
}

/** Documents that stand, by id: a trust, a bundle while it is verified, or a registry's own. */
export interface Standing<
  Member extends Stating<'member'>,
  Partner extends Stating<'partner'>,
  Scheme extends Stating<'scheme'>,
  Agreement extends Stating<'agreement'>,
> {
  member(id: string): Member | undefined;
  partner(id: string): Partner | undefined;
  scheme(id: string, fingerprint: string): Scheme | undefined;
  agreement(id: string): Agreement | undefined;
}

/** What a document rests on: those whose statement keys must sign it, what else it applies under, and how many officers. */
export interface Footing<Owner, Other> {
  readonly owners: readonly Owner[];
  readonly others: readonly Other[];
  /** Officers needed, each of an organisation that is no owner's. */
  readonly panel: number;
}

/** Two officers of different organisations sign what no owner signs, and every table. */
export const OFFICERS_NEEDED = 2;

/**
 * Who must sign a document and what it applies under, for every type (`docs/wire.md`, "signed by" and Standing); `undefined`
 * when something it refers to does not stand. The one place where these rules are written.
 */
export function footingOf<
  Member extends Stating<'member'>,
  Partner extends Stating<'partner'>,
  Scheme extends Stating<'scheme'>,
  Agreement extends Stating<'agreement'>,
>(
  payload: PayloadOf[DocumentType],
  standing: Standing<Member, Partner, Scheme, Agreement>,
): Footing<Member | Partner, Scheme | Agreement> | undefined {
  switch (payload.type) {
    case 'member':
    case 'agreement':
      return { owners: [], others: [], panel: OFFICERS_NEEDED };
    case 'partner': {
      const host = standing.member(payload.hostCounty);
      return host && { owners: [host], others: [], panel: 1 };
    }
    case 'scheme': {
      const member = standing.member(payload.member);
      return member && { owners: [member], others: [], panel: 1 };
    }
    case 'table': {
      const scheme = standing.scheme(payload.scheme.id, payload.scheme.fingerprint);
      const member = scheme && standing.member(scheme.payload.member);
      return scheme && member && { owners: [member], others: [scheme], panel: OFFICERS_NEEDED };
    }
    case 'offer': {
      const partner = standing.partner(payload.partner);
      const host = partner && standing.member(partner.payload.hostCounty);
      const agreement = standing.agreement(payload.agreement);
      return partner && host && agreement && { owners: [partner, host], others: [agreement], panel: 0 };
    }
    default:
      return payload satisfies never;
  }
}
