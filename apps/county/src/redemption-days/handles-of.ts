import type { EntityManager } from 'typeorm';

/** How subjects are called outside, by id. */
export async function handlesOf(manager: EntityManager, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await manager.query<readonly { readonly id: string; readonly handle: string }[]>(
    'SELECT id, handle FROM subject WHERE id = ANY($1)',
    [ids],
  );
  return new Map(rows.map(({ id, handle }) => [id, handle]));
}
