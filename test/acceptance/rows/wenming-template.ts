import { type Desk, times } from '../desk.js';

/** What the town's template gives where a village has not changed it [004]. */
export const TEMPLATE: Readonly<Record<string, (desk: Desk) => Promise<void>>> = {
  meeting: (desk) => desk.worth('household', [[5, { rule: 'meeting' }]]),
  virtue: (desk) => desk.worth('household', [[16, ...times(2, { rule: 'virtue' })]]),
  'law-abiding': (desk) => {
    const [july, august, october] = ['07-01', '08-02', '10-03'].map((on) => desk.office.day(on));
    const at = (on = '') => ({ rule: 'law-abiding', on });
    return desk.worth('household', [
      [6, at(july)],
      [6, at(july), at(july)],
      [6, at(july), at(august)],
      [12, at(july), at(august), at(october)],
    ]);
  },
  volunteer: (desk) =>
    desk.worth('household', [
      [2, { rule: 'volunteer', n: 1 }],
      [6, { rule: 'volunteer', n: 3 }],
    ]),
  yard: (desk) => yardOf(desk, -5, 10),
};

/** A visit's points are chosen between two ends, both included; they need the door's code, and last a year. */
export async function yardOf(desk: Desk, least: number, most: number): Promise<void> {
  const visit = (n: number) => ({ rule: 'yard', n, proof: 'door_scan' }) as const;
  await desk.worth('household', [
    [most, visit(most)],
    [least, visit(least)],
    [most + least, visit(most), visit(least)],
  ]);
  const who = await desk.subject('household');
  for (const n of [most + 1, least - 1]) await desk.isRefused('ENTRY_NOT_BY_RULE', { ...visit(n), who });
  await desk.needsProof('household', visit(1));
  await desk.lasts('household', 12, [visit(1)]);
}
