import type { DocumentType, PayloadOf } from '#libs/alliance';
import { encodeBase64url } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import type { AllianceKeys, MemberSuites, TestKey } from './alliance-keys.js';

/** The members of a payload besides `type`. */
export type ContentOf<Type extends DocumentType> = Omit<PayloadOf[Type], 'type'>;

type Some<Type extends DocumentType, Needed extends keyof ContentOf<Type>> = Pick<ContentOf<Type>, Needed> &
  Partial<ContentOf<Type>>;

/** What a test says about its alliance. Ids and who belongs to whom; everything else has a default. */
export interface AlliancePlan {
  readonly members?: readonly Some<'member', 'id'>[];
  /** Of members' keys, by the member's id: ES256 where nothing is said. */
  readonly suites?: Readonly<Record<string, MemberSuites>>;
  readonly partners?: readonly Some<'partner', 'id' | 'hostCounty'>[];
  /** Graded, of persons, AAA to D with A as positive floor, unless said otherwise. */
  readonly schemes?: readonly Some<'scheme', 'id' | 'member'>[];
  /** All planned counties, schemes and partners, unless said otherwise. */
  readonly agreements?: readonly Some<'agreement', 'id'>[];
  /** Identity on the letter, in effect since 2026-01-01, unless said otherwise. */
  readonly tables?: readonly (Partial<Omit<ContentOf<'table'>, 'scheme'>> & {
    readonly scheme: { readonly id: string; readonly fingerprint?: string };
  })[];
  /** Free for AA, once a day, unless said otherwise. */
  readonly offers?: readonly Some<'offer', 'id' | 'partner' | 'agreement'>[];
}

export interface FullPlan {
  readonly members: readonly ContentOf<'member'>[];
  readonly partners: readonly ContentOf<'partner'>[];
  readonly schemes: readonly ContentOf<'scheme'>[];
  readonly agreements: readonly ContentOf<'agreement'>[];
  readonly tables: readonly ContentOf<'table'>[];
  readonly offers: readonly ContentOf<'offer'>[];
}

const YEARS = { from: '2026-01-01', to: '2036-12-31' };

/** Fills in what a plan leaves out. */
export async function completePlan(plan: AlliancePlan, keys: AllianceKeys): Promise<FullPlan> {
  const schemes = await Promise.all((plan.schemes ?? []).map((scheme) => completeScheme(scheme)));
  return {
    members: (plan.members ?? []).map((member) => ({
      version: 1,
      place: '371082',
      name: { zh: member.id },
      keys: purposeKeys({ ...keys.member(member.id) }),
      statusLists: [`${member.id}/s/1`],
      ...member,
    })),
    partners: (plan.partners ?? []).map((partner) => ({
      version: 1,
      name: { zh: partner.id },
      place: '320682',
      sites: [{ id: `${partner.id}-east`, name: { zh: partner.id } }],
      keys: purposeKeys({ ...keys.partner(partner.id) }),
      ...partner,
    })),
    schemes,
    agreements: (plan.agreements ?? []).map((agreement) => ({
      version: 1,
      name: { zh: agreement.id },
      counties: ids(plan.members),
      schemes: ids(plan.schemes),
      partners: ids(plan.partners),
      legalBasis: 'invented for a test',
      ...YEARS,
      ...agreement,
    })),
    tables: (plan.tables ?? []).map(({ scheme, ...table }) => ({
      id: `${scheme.id}-table-${table.version ?? 1}`,
      scheme: { fingerprint: schemes.find(({ id }) => id === scheme.id)?.fingerprint ?? '', ...scheme },
      version: 1,
      map: { AAA: 'AAA', AA: 'AA', A: 'A' },
      excluded: ['B', 'C', 'D'],
      effectiveFrom: '2026-01-01',
      ...table,
    })),
    offers: (plan.offers ?? []).map((offer) => ({
      version: 1,
      band: 'AA',
      title: { zh: offer.id },
      effect: { kind: 'free' },
      uses: { n: 1, per: 'day' },
      party: { adults: 1, children: 0, seniors: 0 },
      holderCheck: 'device',
      freshnessSeconds: 21_600,
      blackoutDays: [],
      ...YEARS,
      ...offer,
    })),
  };
}

function ids(list: readonly { readonly id: string }[] | undefined): readonly string[] {
  return (list ?? []).map(({ id }) => id);
}

async function completeScheme(scheme: Some<'scheme', 'id' | 'member'>): Promise<ContentOf<'scheme'>> {
  const digest = await nodeCrypto.sha256(scheme.id);
  return {
    name: { zh: scheme.id },
    fingerprint: encodeBase64url(digest.subarray(0, 16)),
    basis: 'graded',
    subject: 'person',
    grades: ['AAA', 'AA', 'A', 'B', 'C', 'D'],
    positiveFloor: 'A',
    ...scheme,
  };
}

function purposeKeys<Purpose extends string>(keys: Readonly<Record<Purpose, TestKey>>) {
  return Object.entries<TestKey>(keys).map(([purpose, key]) => ({
    jwk: key.publicJwk,
    alg: key.key.suite,
    purpose: purpose as Purpose,
    status: 'active' as const,
  }));
}
