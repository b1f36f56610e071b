import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isCalendarDay, shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { PublishedTrust } from '../heads/published-trust.js';
import { lookUpBand } from './look-up-band.js';
import type { BandLookUpAnswer, BandLookUpQuery } from './band-lookup.dto.js';

/** The open look-up: which band has this scheme's grade on this day, by which table version. */
@Injectable()
export class BandLookUp {
  constructor(
    private readonly database: DataSource,
    private readonly trust: PublishedTrust,
    private readonly clock: Clock,
  ) {}

  /** @throws GatewayError HEAD_NOT_PUBLISHED, BODY_INVALID for a day that is none */
  async find({ scheme, grade, day = shanghaiDay(this.clock.now()), fingerprint }: BandLookUpQuery) {
    if (!isCalendarDay(day))
      throw new GatewayError('BODY_INVALID', { fields: [{ path: '/day', message: 'no such calendar day' }] });
    const trust = await this.trust.current();
    const asked = fingerprint ?? (await this.newestFingerprint(scheme));
    const subject = { scheme, fingerprint: asked ?? null, grade, day };
    const answer: BandLookUpAnswer =
      asked === undefined
        ? { ...subject, band: null, table: null, reason: 'not_declared' }
        : { ...subject, ...lookUpBand(trust, { scheme, fingerprint: asked, grade, day }) };
    return { answer, headDigest: trust.headDigest };
  }

  /** Of the declaration that was published last. */
  private async newestFingerprint(scheme: string): Promise<string | undefined> {
    const rows = await this.database.query<{ readonly series: string }[]>(
      `SELECT series FROM document WHERE type = 'scheme' AND subject_id = $1 AND state = 'published'
      ORDER BY published_at DESC, completed_at DESC, digest LIMIT 1`,
      [scheme],
    );
    return rows[0]?.series.split(' ').at(-1);
  }
}
