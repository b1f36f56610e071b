import type { Answer, RunningCounty } from './running-county.js';

/** Invented residents of Wendeng's bands: base 1000, AAA from 1050, AA from 1030, A from 960, B from 850. */
export const RESIDENTS = [
  { handle: 'wd-1', name: '王小明', documentLast4: '123X', birthYear: 1980 },
  { handle: 'wd-2', name: '欧阳明', documentLast4: '4567', birthYear: 1975 },
  { handle: 'wd-3', name: '李四', documentLast4: '8901', birthYear: 1990 },
] as const;

interface SampleEntry {
  readonly id: string;
  readonly subject: string;
  readonly rule: string;
  readonly occurredOn: string;
  readonly quantity?: number;
}

export const entry = (id: string, subject: string, rule: string, occurredOn = '2026-03-10'): SampleEntry => ({
  id,
  subject,
  rule,
  occurredOn,
});

/** Declares entries and brings them into effect, by three accounts. */
export async function takeEffect(county: Pick<RunningCounty, 'as'>, entries: readonly SampleEntry[]): Promise<void> {
  const ids = entries.map(({ id }) => id);
  const collector = await county.as('collector');
  await collector('POST', '/v1/admin/entries', { entries });
  for (const [role, act] of [
    ['verifier', 'verify'],
    ['approver', 'approve'],
  ] as const) {
    const decider = await county.as(role);
    const { status, body } = await decider('POST', '/v1/admin/entries/acts', { key: act, act, entries: ids });
    if (status !== 200) throw new Error(`${act}: ${JSON.stringify(body)}`);
  }
}

/** Assesses a period and brings the grades into effect, by two accounts. */
export async function assessAndRelease(county: Pick<RunningCounty, 'as'>, period = '2026'): Promise<Answer> {
  const [maker, releaser] = [await county.as('desk'), await county.as('assessor')];
  const made = await maker('POST', '/v1/admin/assessments', { period });
  if (made.status !== 201) throw new Error(`assess: ${JSON.stringify(made.body)}`);
  return releaser('POST', `/v1/admin/assessments/${String(made.body['run'])}/release`);
}

/** Records the residents and brings the first one to AA (1040), the others to A (1000). */
export async function settle(county: Pick<RunningCounty, 'as'>): Promise<void> {
  const desk = await county.as('desk');
  await desk('POST', '/v1/admin/residents', { residents: RESIDENTS });
  await takeEffect(county, [entry('aa-1', 'wd-1', 'honour-county'), entry('aa-2', 'wd-1', 'tax-honest')]);
  await assessAndRelease(county);
}

/** Takes points off a resident and assesses again. */
export async function deduct(
  county: Pick<RunningCounty, 'as'>,
  handle: string,
  rule: string,
  id: string,
): Promise<void> {
  await takeEffect(county, [entry(id, handle, rule, '2026-09-01')]);
  await assessAndRelease(county);
}
