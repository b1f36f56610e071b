import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, IsNull, MoreThanOrEqual } from 'typeorm';
import { badgeVct, type BadgeSubject, issueBadge, issueTierAttestation, tierVct } from '#libs/attestation';
import { weeklyEpoch } from '#libs/calendar';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Clock, GatewayError } from '#libs/platform';
import { COUNTY_CONFIG, type CountyConfig } from '../county.config.js';
import { CountyKeys } from '../county-keys.js';
import { maskedName } from '../residents/masked-name.js';
import type { ResidentEntity } from '../residents/resident.entity.js';
import type { ActiveScheme } from '../schemes/scheme-version.js';
import { StatusLists } from '../status-lists/status-lists.service.js';
import { AttestationEntity } from './attestation.entity.js';
import type { HolderKeyEntity } from './holder-key.entity.js';

interface HeldGrade {
  readonly scheme: ActiveScheme;
  readonly grade: string;
}

type BadgeColumns = Pick<AttestationEntity, 'badgeScheme' | 'badgeGrading' | 'badgeSubject'>;

/** What a badge says, and the grade it rests on. */
export interface HeldBadge extends BadgeColumns, Pick<AttestationEntity, 'grade' | 'fingerprint'> {
  readonly badge: BadgeSubject;
}

type Placed = BadgeColumns & Pick<AttestationEntity, 'grade' | 'fingerprint' | 'iat' | 'exp'>;

const TIER: BadgeColumns = { badgeScheme: null, badgeGrading: null, badgeSubject: null };

/** A badge is history in words, so it need not be renewed weekly; the status list ends it before its time. */
const BADGE_LIFE_SECONDS = 90 * 86_400;

/** Places on the status list that one resident can take up in a week; nobody is to fill it with fresh keys. */
const MOST_PER_EPOCH = 100;

/**
 * Issues one attestation of the current weekly epoch for one holder key, inside the caller's transaction and under the
 * resident's lock.
 *
 * Each (holder key, epoch), and of badges each subject, has one place on the status list. Issued again within the epoch, the attestation has new salts
 * and decoys and the same place: both are bound to the same key, so whoever saw the two knows they belong together
 * anyway, and retries do not use the list up. In the next epoch the place is a new random one. The attestation of the
 * epoch before stays valid until it expires, so that a wallet whose answer was lost still works; whatever revokes the
 * resident's proof revokes both. After a revocation a place is never used again.
 */
@Injectable()
export class AttestationIssuer {
  constructor(
    private readonly clock: Clock,
    private readonly keys: CountyKeys,
    private readonly lists: StatusLists,
    @Inject(COUNTY_CONFIG) private readonly config: CountyConfig,
  ) {}

  /**
   * @param held the resident's current grade and the scheme it is of; positive, or nothing may be issued
   * @returns the attestation with all its disclosures; it is kept nowhere
   * @throws GatewayError STATUS_LIST_FULL, TOO_MANY_REQUESTS
   */
  async issue(
    manager: EntityManager,
    resident: ResidentEntity,
    holder: HolderKeyEntity,
    held: HeldGrade,
  ): Promise<string> {
    const { scheme, grade } = held;
    const epoch = weeklyEpoch(this.clock.now());
    const place = await this.placeIn(manager, holder, { ...TIER, ...epoch, grade, fingerprint: scheme.fingerprint });
    return issueTierAttestation(
      {
        iss: this.config.id,
        iat: epoch.iat,
        exp: epoch.exp,
        vct: tierVct(this.config.federationId),
        cnf: { kty: 'EC', crv: 'P-256', x: holder.x, y: holder.y },
        partner: holder.partner,
        status: { idx: place.index, uri: await this.lists.uriOf(manager, place) },
        scheme: { id: scheme.document.id, fingerprint: scheme.fingerprint },
        positiveGrades: scheme.positiveGrades,
        heldGrades: scheme.heldGrades(grade),
        person: { name: maskedName(resident.name), idLast4: resident.documentLast4 },
      },
      this.keys.attest,
      nodeCrypto,
    );
  }

  /**
   * Issues a badge: what it says comes from the scheme's own words. It lives longer than a tier, and is revoked with the grade.
   * @throws GatewayError STATUS_LIST_FULL, TOO_MANY_REQUESTS
   */
  async issueBadge(manager: EntityManager, holder: HolderKeyEntity, held: HeldBadge): Promise<string> {
    const { iat } = weeklyEpoch(this.clock.now());
    const exp = iat + BADGE_LIFE_SECONDS;
    const { badge, ...facts } = held;
    const place = await this.placeIn(manager, holder, { ...facts, iat, exp });
    return issueBadge(
      {
        iss: this.config.id,
        iat,
        exp,
        vct: badgeVct(this.config.federationId),
        cnf: { kty: 'EC', crv: 'P-256', x: holder.x, y: holder.y },
        status: { idx: place.index, uri: await this.lists.uriOf(manager, place) },
        badge,
      },
      this.keys.attest,
      nodeCrypto,
    );
  }

  private async placeIn(
    manager: EntityManager,
    { thumbprint: holder, residentId, partner }: HolderKeyEntity,
    { badgeScheme, badgeGrading, badgeSubject, iat, exp, grade, fingerprint }: Placed,
  ): Promise<Pick<AttestationEntity, 'list' | 'index'>> {
    // Of another subject, such as a household left since, it is another badge: that one ends, this one goes on.
    const which = {
      badgeScheme: badgeScheme ?? IsNull(),
      badgeGrading: badgeGrading ?? IsNull(),
      badgeSubject: badgeSubject ?? IsNull(),
    };
    const before = await manager.findOneBy(AttestationEntity, { ...which, holder, iat, revokedAt: IsNull() });
    const facts = { grade, fingerprint, issuedAt: this.clock.now() };
    if (before !== null) {
      // Grades only rise here: a lower one has revoked the attestation when it was assessed.
      await manager.update(AttestationEntity, { id: before.id }, facts);
      return before;
    }
    const count = await manager.countBy(AttestationEntity, { residentId, iat: MoreThanOrEqual(iat) });
    if (count >= MOST_PER_EPOCH) throw new GatewayError('TOO_MANY_REQUESTS');
    const place = await this.lists.claimPlace(manager);
    const row = {
      id: randomUUID(),
      residentId,
      partner,
      holder,
      ...place,
      badgeScheme,
      badgeGrading,
      badgeSubject,
      iat,
      exp,
      ...facts,
    };
    await manager.insert(AttestationEntity, { ...row, revokedAt: null, cause: null });
    return place;
  }
}
