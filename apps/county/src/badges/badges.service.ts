import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { subjectOf } from '#libs/scheme';
import { gradingName, heldGrade, holdReleases, reaches } from '../assessment/current-grade.js';
import { AttestationIssuer, type HeldBadge } from '../attestations/attestation-issuer.js';
import { verifyHolderProof } from '../attestations/holder-proof.js';
import { Revocations } from '../attestations/revocations.service.js';
import { takeHolderKey } from '../attestations/take-holder-key.js';
import { consentedPartners } from '../consent/consents.service.js';
import { COUNTY_CONFIG, type CountyConfig } from '../county.config.js';
import type { EnrolledResident } from '../enrolment/device-proof.guard.js';
import { lockEnrolled } from '../enrolment/lock-enrolled.js';
import { Nonces } from '../enrolment/nonces.service.js';
import type { PlaceTree } from '../places/place-tree.js';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import type { SchemeVersion } from '../schemes/scheme-version.js';
import { belongsSql } from '../subjects/belongs-sql.js';
import { isSurelyAdult } from '../subjects/surely-adult.js';
import { type BadgeGrading, badgeGradings, badgeWords, isOfOwnPlace } from './badge-words.js';

export interface AskedBadge {
  readonly scheme: string;
  /** May be left out where the scheme has badges of one grading only. */
  readonly grading?: string;
  readonly partner: string;
  /** Proof of possession of the holder key. */
  readonly proof: string;
}

interface Subject {
  readonly id: string;
  readonly place: string;
}

/** Issues badges: what schemes without an honest grade say of somebody, in words (design §4.1). */
@Injectable()
export class Badges {
  constructor(
    private readonly clock: Clock,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
    private readonly nonces: Nonces,
    private readonly issuer: AttestationIssuer,
    private readonly revocations: Revocations,
    @Inject(COUNTY_CONFIG) private readonly config: CountyConfig,
  ) {}

  /**
   * Issues the badge of a scheme for one partner to the key the wallet proves to hold, from the latest released run, under a
   * consent that names the scheme. Adults only; of a household, any adult member. Nothing that was compared with the neighbours of
   * a place the subject has left since.
   * @returns `<jws>~`
   * @throws GatewayError ENTRY_SCHEME_UNKNOWN, BADGE_NOT_GIVEN, HOLDER_PROOF_REFUSED, HOLDER_KEY_REFUSED, CONSENT_MISSING,
   *   NOTHING_TO_ISSUE, DEVICE_PROOF_REFUSED, STATUS_LIST_FULL
   */
  async issue(resident: EnrolledResident, { scheme, grading: named, partner, proof }: AskedBadge): Promise<string> {
    const { version, grading } = await this.badgeOf(scheme, named);
    const now = this.clock.now();
    const proven = await verifyHolderProof(proof, this.config.id, now);
    if (proven === undefined || !(await this.nonces.use(proven.nonce))) throw new GatewayError('HOLDER_PROOF_REFUSED');
    const tree = await this.places.tree();
    return this.revocations.transaction(async (manager) => {
      await holdReleases(manager);
      const { birthYear } = await lockEnrolled(manager, resident);
      if (!(await consentedPartners(manager, resident.residentId, scheme)).has(partner))
        throw new GatewayError('CONSENT_MISSING');
      const held = await this.held(manager, resident.residentId, { version, grading, tree });
      if (held === undefined || !isSurelyAdult(birthYear, now)) throw new GatewayError('NOTHING_TO_ISSUE');
      const holder = await takeHolderKey(manager, resident, { partner, proof: proven, now });
      return this.issuer.issueBadge(manager, holder, held);
    });
  }

  private async badgeOf(
    scheme: string,
    named: string | undefined,
  ): Promise<{ readonly version: SchemeVersion; readonly grading: BadgeGrading }> {
    const version = (await this.schemes.book()).inForce(scheme, this.schemes.today());
    if (version === undefined) throw new GatewayError('ENTRY_SCHEME_UNKNOWN');
    const given = badgeGradings(version.document);
    const [only] = given.length === 1 ? given : [];
    const grading = named === undefined ? only : given.find(({ id }) => id === named);
    if (grading === undefined) throw new GatewayError('BADGE_NOT_GIVEN');
    return { version, grading };
  }

  /** The grade that the badge rests on, if it is high enough and was made by a version that grades alike. */
  private async held(
    manager: EntityManager,
    residentId: string,
    {
      version,
      grading,
      tree,
    }: { readonly version: SchemeVersion; readonly grading: BadgeGrading; readonly tree: PlaceTree },
  ): Promise<HeldBadge | undefined> {
    const today = shanghaiDay(this.clock.now());
    const { document } = version;
    const kind = subjectOf(document, grading) === 'household' ? 'household' : 'person';
    const subject = await subjectFor(manager, residentId, kind, today);
    const current = subject && (await heldGrade(manager, subject.id, gradingName(document, grading), today));
    if (subject === undefined || current === undefined || !version.made(current)) return undefined;
    if (!reaches(grading, current.grade, grading.badge.at_least)) return undefined;
    const isOwn = isOfOwnPlace(grading);
    // Compared with those it no longer lives among.
    if (isOwn && (await hasMovedSince(manager, subject.id, current.run))) return undefined;
    const of = isOwn ? subject.place : document.place;
    const place = tree.get(of)?.name ?? document.name_zh;
    const badge = badgeWords(document, grading, { kind, place, period: current.period });
    const { grade, fingerprint } = current;
    return { badge, badgeScheme: document.id, badgeGrading: grading.id, badgeSubject: subject.id, grade, fingerprint };
  }
}

async function hasMovedSince(manager: EntityManager, subject: string, run: string): Promise<boolean> {
  const found = await manager.query<readonly unknown[]>(
    'SELECT FROM subject JOIN assessment_run AS run ON place_since > cut_off WHERE subject.id = $1 AND run.id = $2',
    [subject, run],
  );
  return found.length > 0;
}

/** The resident, or the household they are in. */
async function subjectFor(
  manager: EntityManager,
  residentId: string,
  kind: 'person' | 'household',
  today: string,
): Promise<Subject | undefined> {
  const household = `subject.kind = 'household' AND subject.ended_on IS NULL
    AND ${belongsSql({ member: '$1::uuid', of: 'subject.id', day: '$2::date' })}`;
  const which = kind === 'household' ? household : 'subject.id = $1::uuid AND $2::date IS NOT NULL';
  const [found] = await manager.query<readonly Subject[]>(`SELECT id, place FROM subject WHERE ${which} LIMIT 1`, [
    residentId,
    today,
  ]);
  return found;
}
