import {
  decodePresentationQr,
  parseCard,
  parsePresentation,
  parseVoucher,
  readTierDisclosures,
} from '#libs/attestation';
import { nodeCrypto } from '#libs/jose-profile/node';
import { decodeStatusList } from '#libs/status-list';
import { COUNTY, type Visit, type Visiting } from '#libs/testing/alliance';
import { tellVerdict, type DecisionFacts, type Expectation, type PresentationWay } from '#libs/verifier';
import { buildPlainProof, REQUEST_NONCE } from './build-plain-proof.js';
import { AT_THE_GATE, buildPresentation } from './build-presentation.js';
import { buildQr } from './build-qr.js';
import { buildStatusList } from './build-status-list.js';
import { LIST, type HostileWorld } from './hostile-world.js';
import type { Recipe, Target } from './recipe.js';
import { showAgain } from './show-again.js';
import { valueReader } from './values.js';

export type ProofTarget = Extract<Target, 'presentation' | 'key-binding' | 'card' | 'voucher' | 'qr-payload'>;

const WAYS = {
  presentation: 'rotating_qr',
  'key-binding': 'rotating_qr',
  'qr-payload': 'rotating_qr',
  card: 'card',
  voucher: 'voucher',
} as const;

const IN_A_SESSION = {
  audience: 'redirect_uri:https://gate.example/v1/verification-sessions/1/response',
  nonce: 'BBBBBBBBBBBBBBBBBBBBBA',
  offer: 'free-aa',
};

/** What is not readable is decided as nothing at all. */
const NOTHING: Recipe = { name: 'nothing', clauses: [], do: [['become', 'text', '']] };

export function isProofTarget(target: Target): target is ProofTarget {
  return Object.hasOwn(WAYS, target);
}

/** The text of what is presented in a case; `undefined` for a QR text that none can be read from. */
async function buildProof(target: ProofTarget, recipe: Recipe, world: HostileWorld): Promise<string | undefined> {
  if (target === 'card' || target === 'voucher') return buildPlainProof(target, recipe.do, world);
  if (target === 'qr-payload') return decodePresentationQr(await buildQr(recipe.do, world));
  return buildPresentation(recipe.do, world, recipe.way === 'session' ? IN_A_SESSION : AT_THE_GATE);
}

/** What a proof must be bound to, by the way it is presented. */
function expectationOf(way: PresentationWay, offer = AT_THE_GATE.offer): Expectation {
  const { audience } = AT_THE_GATE;
  const expectations: { readonly [Way in PresentationWay]: Omit<Expectation, 'way'> } = {
    rotating_qr: { audience, nonce: undefined, offer: undefined },
    session: IN_A_SESSION,
    card: { audience, nonce: undefined, offer },
    voucher: { audience, nonce: REQUEST_NONCE, offer },
  };
  return { way, ...expectations[way] };
}

/** The verdict on it, and the fault its parser names, if it does: `no_proof DISCLOSURE_TWICE`. */
export async function proofOutcome(
  target: ProofTarget,
  recipe: Recipe,
  world: HostileWorld,
): Promise<{ readonly verdict: string; readonly fault: string | undefined }> {
  const text = await buildProof(target, recipe, world);
  if (text === undefined) return { ...(await proofOutcome('presentation', NOTHING, world)), fault: 'unreadable' };
  const way = recipe.way ?? WAYS[target];
  const expectation = expectationOf(way, recipe.offer);
  const { offer } = expectation;
  const facts = { ...(valueReader(world)(recipe.facts ?? {}) as Partial<DecisionFacts>), ...(offer && { offer }) };
  return { verdict: toldAt(await visit(text, world, { expectation, facts })), fault: await faultIn(text, way) };
}

/** What a site that remembers the first showing makes of the second, on the same lane and on another. */
export async function replayOutcome(
  recipe: Recipe,
  world: HostileWorld,
): Promise<{ readonly verdict: string; readonly elsewhere: string }> {
  const text = await buildPresentation(recipe.do, world);
  const again = await showAgain(text, recipe.then ?? [], world);
  const first = await visit(text, world);
  if (toldAt(first) !== 'granted') throw new Error(`the first showing is ${toldAt(first)}`);
  const [before, now] = [first.evidence.memory, (await visit(again, world)).evidence.memory];
  const isSameHolder = now?.holder === before?.holder;
  const isReplayed = isSameHolder && now?.nonce === before?.nonce;
  const memory = { isReplayed, used: isSameHolder ? 1 : 0, lastUsedAt: world.now, takenToday: 0 };
  const elsewhere = toldAt(await visit(again, world, { facts: { memory } }));
  return { verdict: now?.proof === before?.proof ? 'again' : elsewhere, elsewhere };
}

/** The verdict as a gate tells it: what was decided, and of a refusal nothing else. Anything different is no verdict of a case. */
function toldAt({ decision, facts, rules, evidence }: Visit): string {
  const { code, ...more } = tellVerdict(decision, facts, rules, evidence.person);
  if (code !== decision.code) return `${decision.code}, told as ${code}`;
  const isRefusal = code !== 'granted' && code !== 'check_by_hand';
  return isRefusal && Object.keys(more).length > 0 ? `${code}, and why` : code;
}

async function visit(text: string, world: HostileWorld, visiting: Visiting = {}): Promise<Visit> {
  const lists = new Map([...world.visits.lists, [LIST, await heldList(world)]]);
  return world.visits.visit(text, { trust: world.trust, lists, ...visiting });
}

async function faultIn(text: string, way: Recipe['way']): Promise<string | undefined> {
  if (way === 'card' || way === 'voucher') {
    const parsed = way === 'card' ? parseCard(text) : parseVoucher(text);
    return parsed.ok ? undefined : parsed.fault;
  }
  const parsed = parsePresentation(text);
  if (!parsed.ok) return parsed.fault;
  const disclosed = await readTierDisclosures(parsed.value.jws.payload, parsed.value.disclosures, nodeCrypto);
  return disclosed.ok ? undefined : disclosed.fault;
}

async function heldList(world: HostileWorld) {
  const key = await world.trust.key(world.key('county.status').kid)!.verificationKey();
  const token = await buildStatusList([], world);
  const list = await decodeStatusList(token, { uri: LIST, issuer: COUNTY, key }, nodeCrypto);
  if (!list.ok) throw new Error(list.fault);
  return list.value;
}
