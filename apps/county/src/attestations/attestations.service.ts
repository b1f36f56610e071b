import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { subjectOf } from '#libs/scheme';
import { currentGrade, holdReleases } from '../assessment/current-grade.js';
import { consentedPartners } from '../consent/consents.service.js';
import { COUNTY_CONFIG, type CountyConfig } from '../county.config.js';
import type { EnrolledResident } from '../enrolment/device-proof.guard.js';
import { lockEnrolled } from '../enrolment/lock-enrolled.js';
import { Nonces } from '../enrolment/nonces.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import type { SchemeBook } from '../schemes/scheme-book.js';
import { ActiveScheme } from '../schemes/scheme-version.js';
import { AttestationIssuer } from './attestation-issuer.js';
import { HolderKeyEntity } from './holder-key.entity.js';
import { verifyHolderProof } from './holder-proof.js';
import { takeHolderKey } from './take-holder-key.js';
import { Revocations } from './revocations.service.js';

export interface IssuedAttestation {
  readonly partner: string;
  /** `<jws>~<disclosure>~…~` */
  readonly attestation: string;
}

/** Issues and renews a resident's attestations: one live key per partner, under standing consent, from a positive grade. */
@Injectable()
export class Attestations {
  constructor(
    private readonly clock: Clock,
    private readonly schemes: CountySchemes,
    private readonly nonces: Nonces,
    private readonly issuer: AttestationIssuer,
    private readonly revocations: Revocations,
    @Inject(COUNTY_CONFIG) private readonly config: CountyConfig,
  ) {}

  /**
   * Issues the attestation for one partner to the key the wallet proves to hold; the key of this phone for this partner from
   * then on.
   * @param asked the scheme whose tier it shall be; that whose grades leave the county where it is left out
   * @throws GatewayError ENTRY_SCHEME_UNKNOWN, UNMAPPABLE_BASIS, UNMAPPABLE_SUBJECT, HOLDER_PROOF_REFUSED, HOLDER_KEY_REFUSED, CONSENT_MISSING, NOTHING_TO_ISSUE, DEVICE_PROOF_REFUSED,
   *   STATUS_LIST_FULL, SCHEME_NOT_EXPORTED
   */
  async issue(
    resident: EnrolledResident,
    {
      partner,
      scheme: asked,
      proof: proofToken,
    }: { readonly partner: string; readonly scheme?: string; readonly proof: string },
  ): Promise<IssuedAttestation> {
    if (asked !== undefined) refuseUnmappable(await this.schemes.book(), asked, this.schemes.today());
    const proof = await verifyHolderProof(proofToken, this.config.id, this.clock.now());
    if (proof === undefined || !(await this.nonces.use(proof.nonce))) throw new GatewayError('HOLDER_PROOF_REFUSED');
    const scheme = await this.schemes.exported();
    const issued = await this.revocations.transaction(async (manager) => {
      await holdReleases(manager);
      const person = await lockEnrolled(manager, resident);
      const partners = await consentedPartners(manager, resident.residentId);
      if (!partners.has(partner)) throw new GatewayError('CONSENT_MISSING');
      const grade = await this.positiveGrade(manager, scheme, resident.residentId);
      if (grade === undefined) return undefined;
      const holder = await takeHolderKey(manager, resident, { partner, proof, now: this.clock.now() });
      return this.issuer.issue(manager, person, holder, { scheme, grade });
    });
    if (issued === undefined) throw new GatewayError('NOTHING_TO_ISSUE');
    return { partner, attestation: issued };
  }

  /**
   * Renews all of a resident's attestations together into the current weekly epoch (design §4.1): so the county learns which
   * partners were consented to, which it records anyway, and not when or where one is visited. Without a positive grade
   * nothing is issued and what is live is revoked; after a change of scheme nothing is issued until the next assessment.
   * @throws GatewayError NOTHING_TO_ISSUE, DEVICE_PROOF_REFUSED, STATUS_LIST_FULL, SCHEME_NOT_EXPORTED
   */
  async renewAll(resident: EnrolledResident): Promise<readonly IssuedAttestation[]> {
    const { residentId } = resident;
    const scheme = await this.schemes.exported();
    const renewed = await this.revocations.transaction(async (manager) => {
      await holdReleases(manager);
      const person = await lockEnrolled(manager, resident);
      const grade = await this.positiveGrade(manager, scheme, residentId);
      if (grade === undefined) return undefined;
      const partners = await consentedPartners(manager, residentId);
      const order = { partner: 'ASC' } as const;
      const holders = await manager.find(HolderKeyEntity, { where: { residentId, endedAt: IsNull() }, order });
      const issued: IssuedAttestation[] = [];
      for (const holder of holders.filter(({ partner }) => partners.has(partner))) {
        const attestation = await this.issuer.issue(manager, person, holder, { scheme, grade });
        issued.push({ partner: holder.partner, attestation });
      }
      return issued;
    });
    if (renewed === undefined) throw new GatewayError('NOTHING_TO_ISSUE');
    return renewed;
  }

  /**
   * The current grade if it may be shown; otherwise everything live is revoked in this transaction, which must be committed.
   * A grade means something only under the fingerprint it was assessed by: after a change of scheme there is none until the
   * next assessment. What is live under the old fingerprint stays: gates read it by the old table, and there it is right.
   */
  private async positiveGrade(
    manager: EntityManager,
    scheme: ActiveScheme,
    residentId: string,
  ): Promise<string | undefined> {
    const current = await currentGrade(manager, residentId, shanghaiDay(this.clock.now()));
    if (current !== undefined && !scheme.made(current)) return undefined;
    if (current !== undefined && scheme.heldGrades(current.grade).length > 0) return current.grade;
    await this.revocations.revokeTiers(manager, residentId, 'below_floor');
    return undefined;
  }
}

/**
 * A tier is of graded schemes of persons only (design §4.4, domain 3.3).
 * @throws GatewayError ENTRY_SCHEME_UNKNOWN, UNMAPPABLE_BASIS, UNMAPPABLE_SUBJECT; SCHEME_NOT_EXPORTED where the grades stay here
 */
function refuseUnmappable(book: SchemeBook, id: string, today: string): void {
  const version = book.inForce(id, today);
  if (version === undefined) throw new GatewayError('ENTRY_SCHEME_UNKNOWN');
  if (version instanceof ActiveScheme) return;
  const { document } = version;
  if (document.basis !== 'graded') throw new GatewayError('UNMAPPABLE_BASIS');
  const isOfPersons = document.gradings.some((grading) => subjectOf(document, grading) === 'person');
  throw new GatewayError(isOfPersons ? 'SCHEME_NOT_EXPORTED' : 'UNMAPPABLE_SUBJECT');
}
