import { parseCard, parsePresentation, parseVoucher, readTierDisclosures } from '#libs/attestation';
import { nodeCrypto } from '#libs/jose-profile/node';
import { decodeStatusList } from '#libs/status-list';
import type { DecisionFacts } from '#libs/verifier';
import { buildPlainProof, REQUEST_NONCE } from './build-plain-proof.js';
import { AT_THE_GATE, buildPresentation } from './build-presentation.js';
import { buildStatusList } from './build-status-list.js';
import { COUNTY, LIST, type HostileWorld } from './hostile-world.js';
import type { Recipe, Target } from './recipe.js';
import { valueReader } from './values.js';

export type ProofTarget = Extract<Target, 'presentation' | 'key-binding' | 'card' | 'voucher'>;

const WAYS = { presentation: 'rotating_qr', 'key-binding': 'rotating_qr', card: 'card', voucher: 'voucher' } as const;

export function isProofTarget(target: Target): target is ProofTarget {
  return Object.hasOwn(WAYS, target);
}

/** The text of what is presented in a case. */
export function buildProof(target: ProofTarget, recipe: Recipe, world: HostileWorld): Promise<string> {
  return target === 'card' || target === 'voucher'
    ? buildPlainProof(target, recipe.do, world)
    : buildPresentation(recipe.do, world);
}

/** The verdict on it, and the fault its parser names, if it does: `no_proof DISCLOSURE_TWICE`. */
export async function proofOutcome(
  target: ProofTarget,
  recipe: Recipe,
  world: HostileWorld,
): Promise<{ readonly verdict: string; readonly fault: string | undefined }> {
  const text = await buildProof(target, recipe, world);
  const way = recipe.way ?? WAYS[target];
  const offer = way === 'card' || way === 'voucher' ? AT_THE_GATE.offer : undefined;
  const expectation = { way, nonce: way === 'voucher' ? REQUEST_NONCE : undefined, offer };
  const facts = { ...(valueReader(world)(recipe.facts ?? {}) as Partial<DecisionFacts>), ...(offer && { offer }) };
  const lists = new Map([[LIST, await heldList(world)]]);
  const { decision } = await world.visits.visit(text, { trust: world.trust, lists, expectation, facts });
  return { verdict: decision.code, fault: await faultIn(text, way) };
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
