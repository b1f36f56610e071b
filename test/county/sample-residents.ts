import type { Ask } from './running-county.js';

/** Invented residents of Wendeng's bands: base 1000, AAA from 1050, AA from 1030, A from 960, B from 850. */
export const RESIDENTS = [
  { handle: 'wd-1', name: '王小明', documentLast4: '123X', birthYear: 1980 },
  { handle: 'wd-2', name: '欧阳明', documentLast4: '4567', birthYear: 1975 },
  { handle: 'wd-3', name: '李四', documentLast4: '8901', birthYear: 1990 },
] as const;

interface SampleEntry {
  readonly id: string;
  readonly resident: string;
  readonly rule: string;
  readonly occurredOn: string;
  readonly quantity?: number;
}

export const entry = (id: string, resident: string, rule: string, occurredOn = '2026-03-10'): SampleEntry => ({
  id,
  resident,
  rule,
  occurredOn,
});

/** Records the residents and brings the first one to AA (1040), the others to A (1000). */
export async function settle(desk: Ask): Promise<void> {
  await desk('POST', '/v1/admin/residents', { residents: RESIDENTS });
  const entries = [entry('aa-1', 'wd-1', 'honour-county'), entry('aa-2', 'wd-1', 'tax-honest')];
  await desk('POST', '/v1/admin/entries', { entries });
  await desk('POST', '/v1/admin/assessments', { year: 2026 });
}

/** Takes points off a resident and assesses again. */
export async function deduct(desk: Ask, handle: string, rule: string, id: string): Promise<void> {
  await desk('POST', '/v1/admin/entries', { entries: [entry(id, handle, rule, '2026-09-01')] });
  await desk('POST', '/v1/admin/assessments', { year: 2026 });
}
