import { acceptBundle, type AllianceTrust, type DocumentType } from '#libs/alliance';
import { encodeBase64url } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import {
  buildVisitWorld,
  generateTestKey,
  printCard,
  SMALL_ALLIANCE,
  VISIT_FEDERATION,
  type AlliancePlan,
  type Visiting,
  type VisitWorld,
} from '#libs/testing/alliance';
import { median } from '../measure.js';

const COUNTY = 'https://rongcheng.example';
const STRANGER = 'https://weihai.example';
const RUNS = 1_000;
const TEXTS = 16;

/** One reason for `no_proof`: how such a text is made, and what the gate that sees it differs in. */
interface Cause {
  readonly name: string;
  readonly text: (world: VisitWorld, idx: number) => string | Promise<string>;
  readonly visiting?: (world: VisitWorld) => Promise<Visiting>;
}

/** The small alliance, and a county whose scheme no agreement names. */
const PLAN: AlliancePlan = {
  ...SMALL_ALLIANCE,
  members: [...(SMALL_ALLIANCE.members ?? []), { id: STRANGER }],
  schemes: [...(SMALL_ALLIANCE.schemes ?? []), { id: 'weihai', member: STRANGER }],
  agreements: [{ id: 'lv', schemes: ['rongcheng'] }],
  tables: [...(SMALL_ALLIANCE.tables ?? []), { scheme: { id: 'weihai' } }],
};

const plain: Cause['text'] = (world, idx) => world.present({ idx });

const CAUSES: readonly Cause[] = [
  { name: 'a lower grade', text: (world, idx) => world.present({ idx, grade: 'A' }) },
  { name: 'an unknown key', text: async (world, idx) => world.present({ idx, signer: await generateTestKey() }) },
  {
    name: 'an unknown key of another suite',
    text: async (world, idx) => world.present({ idx, signer: await generateTestKey('EdDSA') }),
  },
  { name: 'a suspended county', text: plain, visiting: (world) => suspending(world, 'member', COUNTY) },
  { name: 'no agreement for the scheme', text: (world, idx) => world.present({ idx, scheme: 'weihai' }) },
  { name: 'another partner', text: (world, idx) => world.present({ idx, partner: 'nantong-spot' }) },
  { name: 'revoked', text: plain, visiting: revokingAll },
  { name: 'expired', text: (world, idx) => world.present({ idx, issuedAt: world.now - 15 * 86_400 }) },
  {
    name: 'an unmapped fingerprint',
    text: (world, idx) => world.present({ idx, fingerprint: encodeBase64url(new Uint8Array(16)) }),
  },
  { name: 'a suspended table', text: plain, visiting: (world) => suspending(world, 'table', 'rongcheng-table-1') },
  { name: 'a card where a code is asked', text: cardText },
  { name: 'a text that is nothing', text: (_, idx) => `${idx}`.padEnd(1_400, 'x') },
];

/** The largest median over the smallest, of the causes' verdicts run in turn: what a clock at the gate could tell them apart by. */
export async function noProofSpread(): Promise<number> {
  const world = await buildVisitWorld(Math.floor(Date.now() / 1000), PLAN);
  const prepared = await Promise.all(CAUSES.map((cause) => prepare(cause, world)));
  for (let run = 0; run < RUNS / 4; run += 1) for (const { visit } of prepared) await visit(run);
  const times = prepared.map((): number[] => []);
  for (let run = 0; run < RUNS; run += 1)
    for (let turn = 0; turn < prepared.length; turn += 1) {
      // Another cause goes first each time, so that none always follows the same one.
      const at = (turn + run) % prepared.length;
      const begin = performance.now();
      await prepared[at]!.visit(run);
      times[at]!.push(performance.now() - begin);
    }
  const medians = times.map((each) => median(each));
  return Math.max(...medians) / Math.min(...medians);
}

async function prepare(
  cause: Cause,
  world: VisitWorld,
): Promise<{ readonly visit: (run: number) => Promise<unknown> }> {
  const texts: string[] = [];
  for (let idx = 0; idx < TEXTS; idx += 1) texts.push(await cause.text(world, idx));
  const visiting = (await cause.visiting?.(world)) ?? {};
  const { code } = await world.verdictOf(texts[0]!, visiting);
  if (code !== 'no_proof') throw new Error(`bench: ${cause.name} is ${code}`);
  return { visit: (run) => world.verdictOf(texts[run % TEXTS]!, visiting) };
}

async function suspending(world: VisitWorld, type: DocumentType, id: string): Promise<Visiting> {
  const suspended = [await world.alliance.digestOf(type, id)];
  const bundle = await world.alliance.headAt(world.now, { head: { suspended } });
  const accepted = await acceptBundle({ anchor: world.alliance.anchor, bundle }, nodeCrypto);
  if (!accepted.ok) throw new Error(accepted.fault);
  const trust: AllianceTrust = accepted.value;
  return { trust };
}

async function revokingAll(world: VisitWorld): Promise<Visiting> {
  const list = await world.listOf(COUNTY, [...Array(TEXTS).keys()]);
  return { lists: new Map([[list.uri, list]]) };
}

function cardText({ alliance, now }: VisitWorld, idx: number): Promise<string> {
  const plan = { scheme: 'rongcheng', grade: 'AA', idx, now, federation: VISIT_FEDERATION, agreement: 'lv' };
  return printCard(alliance, plan);
}
