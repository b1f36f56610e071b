import type { EntityManager } from 'typeorm';

/** Days are `YYYY-MM-DD`, Asia/Shanghai, both included; `to` is null while it lasts. */
interface Span {
  readonly from: string;
  readonly to: string | null;
}

/** On which days a subject was in a household, and who else was. */
interface KinRow extends Span {
  readonly household: string;
  readonly member: string;
  readonly memberFrom: string;
  readonly memberTo: string | null;
}

/** Tells a subject's households and their members on a day. */
export type Kin = (day: string) => readonly string[];

/** @param subject `null` for somebody who belongs to no subject of this county, and so to no household */
export async function kinOf(manager: EntityManager, subject: string | null): Promise<Kin> {
  if (subject === null) return () => [];
  const rows = await manager.query<readonly KinRow[]>(
    `SELECT own."of" AS household, own.from_day::text AS from, own.to_day::text AS to,
      other.member, other.from_day::text AS "memberFrom", other.to_day::text AS "memberTo"
    FROM membership AS own
    JOIN subject AS household ON household.id = own."of" AND household.kind = 'household'
    JOIN membership AS other ON other."of" = own."of" AND other.relation = 'member_of' AND other.voided_at IS NULL
    WHERE own.member = $1 AND own.relation = 'member_of' AND own.voided_at IS NULL`,
    [subject],
  );
  return (day) => {
    const then = rows.filter((row) => covers(row, day));
    const together = then.filter(({ memberFrom: from, memberTo: to }) => covers({ from, to }, day));
    return [...then.map(({ household }) => household), ...together.map(({ member }) => member)];
  };
}

/** Whom entries credit besides, by the entry's place in the list: household and parents on the day it happened. */
export async function creditedBeside(
  manager: EntityManager,
  entries: readonly {
    readonly at: number;
    readonly subject: string;
    readonly day: string;
    readonly credits: readonly ('household' | 'parents')[];
  }[],
): Promise<readonly { readonly at: number; readonly id: string; readonly handle: string }[]> {
  if (entries.length === 0) return [];
  return manager.query(
    `SELECT DISTINCT entry.at, credited.id, credited.handle
    FROM jsonb_to_recordset($1) AS entry (at integer, subject uuid, day date, credits jsonb)
    JOIN membership ON membership.member = entry.subject AND membership.voided_at IS NULL
      AND entry.day BETWEEN membership.from_day AND coalesce(membership.to_day, 'infinity')
    JOIN subject AS credited ON credited.id = membership."of" AND credited.has_account AND credited.ended_on IS NULL
    WHERE (entry.credits ? 'household' AND membership.relation = 'member_of' AND credited.kind = 'household')
      OR (entry.credits ? 'parents' AND membership.relation = 'child_of')
    ORDER BY entry.at, credited.handle`,
    [JSON.stringify(entries)],
  );
}

function covers({ from, to }: Span, day: string): boolean {
  return from <= day && (to === null || day <= to);
}
