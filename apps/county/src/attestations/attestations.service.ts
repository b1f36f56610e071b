import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { currentGrade, holdReleases } from '../assessment/current-grade.js';
import { consentedPartners } from '../consent/consents.service.js';
import { COUNTY_CONFIG, type CountyConfig } from '../county.config.js';
import type { EnrolledResident } from '../enrolment/device-proof.guard.js';
import { EnrolmentEntity } from '../enrolment/enrolment.entity.js';
import { lockEnrolled } from '../enrolment/lock-enrolled.js';
import { Nonces } from '../enrolment/nonces.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import type { ActiveScheme } from '../schemes/scheme-version.js';
import { AttestationIssuer } from './attestation-issuer.js';
import { HolderKeyEntity } from './holder-key.entity.js';
import { type HolderProof, verifyHolderProof } from './holder-proof.js';
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
   * @throws GatewayError HOLDER_PROOF_REFUSED, HOLDER_KEY_REFUSED, CONSENT_MISSING, NOTHING_TO_ISSUE, DEVICE_PROOF_REFUSED,
   *   STATUS_LIST_FULL, SCHEME_NOT_EXPORTED
   */
  async issue(resident: EnrolledResident, partner: string, proofToken: string): Promise<IssuedAttestation> {
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
      const holder = await this.takeKey(manager, resident, partner, proof);
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
    await this.revocations.revokeLive(manager, residentId, 'below_floor');
    return undefined;
  }

  /**
   * The holder key of this phone for this partner: once proven it stays, through renewals and through consent withdrawn and
   * given again. A gate counts uses by it, so a fresh key for the asking would be a fresh quota; a new one takes a new
   * enrolment, for which the resident stands at the desk. So does a key that an officer has revoked.
   */
  private async takeKey(
    manager: EntityManager,
    { residentId, enrolmentId }: EnrolledResident,
    partner: string,
    { thumbprint, jwk: { x, y } }: HolderProof,
  ): Promise<HolderKeyEntity> {
    const known = await manager.findOneBy(HolderKeyEntity, { enrolmentId, partner });
    if (known !== null) {
      if (known.thumbprint !== thumbprint) throw new GatewayError('HOLDER_KEY_REFUSED');
      if (known.endedAt !== null && known.cause !== 'consent_withdrawn') throw new GatewayError('HOLDER_KEY_REFUSED');
      if (known.endedAt !== null) await manager.update(HolderKeyEntity, { thumbprint }, { endedAt: null, cause: null });
      return known;
    }
    // The device key is known under another name; as a holder key it would tie the partner's view to the phone.
    if (await manager.existsBy(EnrolmentEntity, { deviceThumbprint: thumbprint }))
      throw new GatewayError('HOLDER_KEY_REFUSED');
    const key = {
      thumbprint,
      residentId,
      enrolmentId,
      partner,
      x,
      y,
      addedAt: this.clock.now(),
      endedAt: null,
      cause: null,
    };
    const added = await manager
      .createQueryBuilder()
      .insert()
      .into(HolderKeyEntity)
      .values(key)
      .orIgnore()
      .returning('thumbprint')
      .execute();
    // Known already: to another partner, another resident, or an earlier enrolment. The whole transaction is undone.
    if (!Array.isArray(added.raw) || added.raw.length === 0) throw new GatewayError('HOLDER_KEY_REFUSED');
    return key;
  }
}
