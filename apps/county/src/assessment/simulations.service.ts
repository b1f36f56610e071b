import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { periodDays } from '#libs/scheme';
import { AuditTrail, type Staff } from '#libs/staff';
import { EntryActs } from '../ledger/entry-acts.service.js';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { SchemeDrafts } from '../schemes/scheme-drafts.service.js';
import { type Simulated, simulateDraft } from './simulate-draft.js';

/** Shows what a draft would make of what has happened, before anybody adopts it. */
@Injectable()
export class Simulations {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
    private readonly drafts: SchemeDrafts,
    private readonly acts: EntryActs,
  ) {}

  /**
   * A period under the draft beside the same under the version in force today, over the subjects of the draft's place. Nothing
   * is kept but the audit record.
   * @throws GatewayError NOT_FOUND, SCHEME_INVALID, PLACE_OUT_OF_SCOPE, ASSESSMENT_PERIOD_INVALID
   */
  async simulate(
    { id, version, period: name }: { readonly id: string; readonly version: number; readonly period: string },
    staff: Staff,
  ): Promise<Simulated> {
    const { document: draft, digest } = await this.drafts.complete(id, version, staff);
    const period = periodDays(name);
    const at = this.clock.now();
    if (period === undefined || period.from > shanghaiDay(at)) throw new GatewayError('ASSESSMENT_PERIOD_INVALID');
    const [tree, book] = await Promise.all([this.places.tree(), this.schemes.book()]);
    const now = book.inForce(id, this.schemes.today())?.document;
    await this.acts.bringUpToDate();
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const simulated = await simulateDraft(manager, { now, draft, period, places: tree.within(draft.place), at });
      const detail = { version, digest, period: name };
      await this.audit.record(manager, { actor: staff.username, action: 'scheme.simulated', target: id, detail });
      return simulated;
    });
  }
}
