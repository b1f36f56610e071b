import { rm } from 'node:fs/promises';
import type { SchemeDocument } from '#libs/scheme';
import { type Answer, type Ask, runCounty, type RunningCounty } from './running-county.js';
import { schemesFolder, villageScheme } from './village-scheme.js';

/** What `GET /v1/admin/subjects/:handle/ledger` answers, as far as tests look at it. */
export interface SubjectLedger {
  readonly points: number;
  readonly wallet: { readonly balance: number; readonly shortage: number } | null;
  readonly entries: readonly {
    readonly id: string;
    readonly state: string;
    readonly points: number;
    readonly steps: readonly { readonly act: string; readonly by?: string | null; readonly reason: string | null }[];
  }[];
  readonly postings: readonly { readonly points: number; readonly shortage: number; readonly key: string }[];
}

/** A county with one village scheme, and its people. */
export interface RunningVillage {
  readonly county: RunningCounty;
  readonly collector: Ask;
  readonly verifier: Ask;
  readonly approver: Ask;
  readonly manager: Ask;
  declare(...entries: readonly object[]): Promise<Answer>;
  act(as: Ask, act: string, entries: readonly string[], more?: object): Promise<Answer>;
  /** Declared, verified and approved. */
  earn(...entries: readonly VillageEntry[]): Promise<Answer>;
  ledger(subject: string): Promise<SubjectLedger>;
  close(): Promise<void>;
}

interface VillageEntry {
  readonly id: string;
  readonly [member: string]: unknown;
}

export const done = (id: string, subject: string, rule: string, more: object = {}): VillageEntry => ({
  id,
  subject,
  rule,
  occurredOn: '2026-09-10',
  ...more,
});

export async function runVillage(...schemes: readonly SchemeDocument[]): Promise<RunningVillage> {
  const folder = await schemesFolder(...(schemes.length === 0 ? [villageScheme] : schemes));
  const county = await runCounty({ place: '371082', schemesFolder: folder });
  // Asked for anew each time: a clock that was moved ends sessions.
  const whoever =
    (role: string): Ask =>
    async (...asked) =>
      (await county.as(role))(...asked);
  const [collector, verifier, approver] = [whoever('collector'), whoever('verifier'), whoever('approver')];
  const manager = whoever('manager');
  let keys = 0;
  const declare: RunningVillage['declare'] = (...entries) => collector('POST', '/v1/admin/entries', { entries });
  const act: RunningVillage['act'] = (as, name, entries, more = {}) =>
    as('POST', '/v1/admin/entries/acts', { key: `${name}-${(keys += 1)}`, act: name, entries, ...more });
  return {
    county,
    collector,
    verifier,
    approver,
    manager,
    declare,
    act,
    earn: async (...entries) => {
      const ids = entries.map(({ id }) => id);
      for (const step of [() => declare(...entries), () => act(verifier, 'verify', ids)]) {
        const answer = await step();
        if (answer.status !== 200) return answer;
      }
      return act(approver, 'approve', ids);
    },
    ledger: async (subject) =>
      JSON.parse((await manager('GET', `/v1/admin/subjects/${subject}/ledger`)).text) as SubjectLedger,
    close: async () => {
      await county.close();
      await rm(folder, { recursive: true });
    },
  };
}
