import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { Revocations } from '../attestations/revocations.service.js';
import { COUNTY_CONFIG, type CountyConfig } from '../county.config.js';
import type { EnrolledResident } from '../enrolment/device-proof.guard.js';
import { lockEnrolled } from '../enrolment/lock-enrolled.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { type ConsentReceipt, receiptOf } from './consent-receipt.js';
import { ConsentEntity } from './consent.entity.js';

/** A resident's consents, each for one partner and purpose. */
@Injectable()
export class Consents {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly revocations: Revocations,
    private readonly schemes: CountySchemes,
    @Inject(COUNTY_CONFIG) private readonly config: CountyConfig,
  ) {}

  /**
   * Records a consent. One that stands already for this partner, purpose and kind of data stays, and its receipt is given again.
   * @param terms `badge` names the scheme whose badge may be shown; without it the consent is for the tier
   * @throws GatewayError ENTRY_SCHEME_UNKNOWN; DEVICE_PROOF_REFUSED when the enrolment has ended meanwhile
   */
  async give(
    resident: EnrolledResident,
    { partner, purpose, badge }: { readonly partner: string; readonly purpose: string; readonly badge?: string },
  ): Promise<ConsentReceipt> {
    const { residentId, enrolmentId } = resident;
    if (badge !== undefined && (await this.schemes.book()).versionsOf(badge).length === 0)
      throw new GatewayError('ENTRY_SCHEME_UNKNOWN');
    const about = { partner, purpose, dataKind: badge === undefined ? 'tier' : 'badge' } as const;
    return this.database.transaction(async (manager) => {
      await lockEnrolled(manager, resident);
      const standing = await manager.findOneBy(ConsentEntity, {
        ...about,
        residentId,
        schemeId: badge ?? IsNull(),
        withdrawnAt: IsNull(),
      });
      if (standing !== null) return this.receipt(standing);
      const terms = { ...about, schemeId: badge ?? null, givenAt: this.clock.now(), withdrawnAt: null };
      const consent = { id: randomUUID(), residentId, enrolmentId, ...terms };
      await manager.insert(ConsentEntity, consent);
      return this.receipt(consent);
    });
  }

  /** All consents of a resident, withdrawn ones too, the newest first. */
  async list({ residentId }: EnrolledResident): Promise<readonly ConsentReceipt[]> {
    const consents = await this.database.manager.find(ConsentEntity, {
      where: { residentId },
      order: { givenAt: 'DESC', id: 'ASC' },
    });
    return consents.map((consent) => this.receipt(consent));
  }

  /**
   * Withdraws every consent for a partner and revokes what was issued for it, at once and together. Again, it changes nothing.
   * @returns the receipts of all consents ever given for the partner
   * @throws GatewayError NOT_FOUND when there never was one; DEVICE_PROOF_REFUSED
   */
  async withdraw(resident: EnrolledResident, partner: string): Promise<readonly ConsentReceipt[]> {
    const { residentId } = resident;
    return this.revocations.transaction(async (manager) => {
      await lockEnrolled(manager, resident);
      const standing = { residentId, partner, withdrawnAt: IsNull() };
      await manager.update(ConsentEntity, standing, { withdrawnAt: this.clock.now() });
      await this.revocations.endKeys(manager, { residentId, partner }, 'consent_withdrawn');
      const consents = await manager.findBy(ConsentEntity, { residentId, partner });
      if (consents.length === 0) throw new GatewayError('NOT_FOUND');
      return consents.map((consent) => this.receipt(consent));
    });
  }

  private receipt(consent: ConsentEntity): ConsentReceipt {
    return receiptOf(consent, { id: this.config.id, name: this.config.name });
  }
}

/**
 * The partners a resident consents to at present.
 * @param badge the scheme whose badge they may be shown; without it, the tier
 */
export async function consentedPartners(
  manager: EntityManager,
  residentId: string,
  badge?: string,
): Promise<ReadonlySet<string>> {
  const about =
    badge === undefined ? ({ dataKind: 'tier' } as const) : ({ dataKind: 'badge', schemeId: badge } as const);
  const standing = await manager.findBy(ConsentEntity, { ...about, residentId, withdrawnAt: IsNull() });
  return new Set(standing.map(({ partner }) => partner));
}
