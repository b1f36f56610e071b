import type { WrittenScheme } from '#libs/scheme';
import type { Answer } from '../county/ask.js';
import type { CountyStand } from './county-stand.js';

const DECISION = { body: '村民代表会议', date: '2019-12-01', record: 'a vote on record' };

/** One manager drafts a document, another records that it was adopted; the answer that ended it. */
export async function adopt(county: CountyStand, document: WrittenScheme): Promise<Answer> {
  const drafted = await draft(county, document);
  return drafted.status < 400 ? decide(county, document, 2) : drafted;
}

export async function draft(county: CountyStand, document: WrittenScheme): Promise<Answer> {
  const { adopted_by: _, ...undecided } = document;
  const manager = await county.as({ role: 'manager' });
  return manager('POST', '/v1/admin/schemes/drafts', { document: undecided });
}

/** @param nth which manager: the first is who drafts */
export async function decide(county: CountyStand, { id, version }: WrittenScheme, nth: number): Promise<Answer> {
  const manager = await county.as({ role: 'manager', nth });
  return manager('POST', `/v1/admin/schemes/drafts/${id}/versions/${version}/adoption`, DECISION);
}

/** The codes of the faults that the check of a document found: each closes its sentence. */
export function faultsIn({ body }: Answer): readonly string[] {
  const { fields = [] } = body as { readonly fields?: readonly { readonly message: string }[] };
  return fields.flatMap(({ message }) => /\(([A-Z_]+)\)$/.exec(message)?.[1] ?? []);
}
