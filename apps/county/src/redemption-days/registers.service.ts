import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { reconcile } from '#libs/ledger';
import { Clock, GatewayError } from '#libs/platform';
import type { Staff } from '#libs/staff';
import { printedName } from '../printed/printed-name.js';
import type { Register } from '../printed/register.js';
import { refuseOutside } from '../redemption/scheme-scope.js';
import { RedemptionDays } from './redemption-days.service.js';
import { namesOf, redeemedAt } from './redeemed-items.js';

/** The register of a shop (登记簿). */
@Injectable()
export class Registers {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly days: RedemptionDays,
  ) {}

  /**
   * What a scheme's shop handed out and took back in a span of days, both included.
   * @throws GatewayError ENTRY_SCHEME_UNKNOWN, PLACE_OUT_OF_SCOPE, BODY_INVALID for days out of order
   */
  async read(
    shop: string,
    { from, to }: { readonly from: string; readonly to: string },
    staff: Staff,
  ): Promise<Register> {
    const scope = await this.days.scopeOf(staff);
    refuseOutside(shop, scope);
    if (to < from) throw new GatewayError('BODY_INVALID', { fields: [{ path: '/to', message: 'lies before from' }] });
    // One snapshot: whoever a line is about has the name of that moment.
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const redeemed = await redeemedAt(manager, scope.book, { shop, from, to });
      const names = await namesOf(
        manager,
        redeemed.flatMap(({ subject, collectedBy }) => (collectedBy === null ? [subject] : [subject, collectedBy])),
      );
      const nameOf = (id: string | null): string | null => {
        const named = id === null ? undefined : names.get(id);
        return named === undefined ? null : printedName(named);
      };
      const handleOf = (id: string): string => names.get(id)?.handle ?? '';
      const handOuts = redeemed.map(({ subject, label: sku, n: items, points }) => ({
        subject: handleOf(subject),
        sku,
        items,
        points,
      }));
      const { people, points, items } = reconcile(handOuts, undefined, []);
      const [version] = scope.book.versionsOf(shop).toReversed();
      return {
        scheme: version?.document.name_zh ?? shop,
        place: scope.tree.get(version?.document.place ?? '')?.name ?? '',
        from,
        to,
        people,
        points,
        items,
        lines: redeemed.map(({ subject, collectedBy, label: item, ...line }) => ({
          ...line,
          item,
          name: nameOf(subject) ?? '',
          handle: handleOf(subject),
          collectedBy: nameOf(collectedBy),
        })),
        printed: { by: staff.displayName, at: this.clock.now() },
      };
    });
  }
}
