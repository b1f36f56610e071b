import type { EntityManager } from 'typeorm';
import { staffCovers } from '#libs/staff';
import { coversScheme, type Scope } from '../redemption/scheme-scope.js';
import { subjectsByHandle } from '../subjects/find-subjects.js';
import type { RedemptionDay } from './day-rows.js';

/** A day of several villages as the staff of one see it: the totals of all, but people, shelves and shortages of their own. */
export async function ownPartOf(manager: EntityManager, day: RedemptionDay, scope: Scope): Promise<RedemptionDay> {
  if (coversScheme(day.scheme, scope)) return day;
  const { settlement, reconciliation: found } = day;
  const isOwn = ({ scheme }: { readonly scheme: string }): boolean => coversScheme(scheme, scope);
  return {
    ...day,
    settlement: settlement && { ...settlement, differences: settlement.differences.filter(isOwn) },
    reconciliation: found && {
      ...found,
      uninvited: await handlesWithin(manager, found.uninvited, scope),
      absent: await handlesWithin(manager, found.absent, scope),
      stock: found.stock.filter(isOwn),
      shortages: found.shortages.filter(isOwn),
    },
  };
}

/** Those handles whose subjects are in an account's places, in the order given. */
export async function handlesWithin(
  manager: EntityManager,
  handles: readonly string[],
  { staff, tree }: Scope,
): Promise<readonly string[]> {
  const found = await subjectsByHandle(manager, handles);
  return handles.filter((handle) => {
    const subject = found.get(handle);
    return subject !== undefined && staffCovers(staff, subject.place, tree);
  });
}
