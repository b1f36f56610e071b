import { setTimeout as delay } from 'node:timers/promises';
import { acceptBundle, type AllianceTrust, type Anchor, type Bundle } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';
import type { Effect } from '#libs/offers';
import type { VerdictCode } from '#libs/verifier';
import { chooseThreshold } from '#libs/wallet';
import type { Api } from '../api.js';
import type { AllianceDesk } from '../sample-alliance/alliance-desk.js';
import type { KeyOwner } from '../sample-alliance/sample-keys.js';
import { now, Phone, show, type HeldProof, type Showing } from './phone.js';
import type { Outcome } from './visit.js';

/** A county as the visits meet it: its public address and the signed-in desk. */
export interface CountyAccess {
  readonly id: string;
  readonly url: string;
  readonly desk: Api;
}

/** A site as the visits meet it: its gate, signed in as lane and shop (one account in the sample), and as the gate's manager. */
export interface SiteAccess {
  readonly partner: string;
  readonly lane: Api;
  readonly shop: Api;
  readonly manager: Api;
}

/** What a gate answers. */
export interface VerdictAnswer {
  readonly id: string;
  readonly verdict: VerdictCode;
  readonly repeat: boolean;
  readonly effect?: Effect;
  readonly grant?: { readonly band: string; readonly issuer: { readonly id: string } };
  readonly coupon?: { readonly code: string };
  readonly receipt?: string;
}

export interface SampleWorld {
  readonly federation: Api;
  readonly anchor: Anchor;
  readonly desk: AllianceDesk;
  readonly federationId: string;
  readonly qrHost: string;
  readonly statusPeriodMs: number;
  county(name: string): CountyAccess;
  site(id: string): SiteAccess;
  keysOf(county: string): Promise<KeyOwner>;
  /** The handle of a resident that no visit has used yet, with this grade, or this very score. */
  resident(county: string, wanted: { readonly grade: string } | { readonly score: number }): Promise<string>;
  /** Serves the alliance's very first head and its documents, as a mirror that nobody refreshed would. */
  mirrorOfFirstHead(): Promise<{ readonly url: string; stop(): Promise<void> }>;
  /** Starts one more gate of the site's partner on a database of its own, plays, and stops it. */
  withSpareGate<Answer>(spare: SpareGate, play: (site: SiteAccess) => Promise<Answer>): Promise<Answer>;
}

export interface SpareGate {
  readonly site: string;
  /** Where it asks for heads; without one it reaches no county either. */
  readonly federationUrl?: string;
}

/** Gives a resident a one-time code at the county's desk and enrols a fresh phone with it. */
export async function enrol(world: SampleWorld, county: string, handle: string): Promise<Phone> {
  const { id, url, desk } = world.county(county);
  const { code } = await desk.post<{ code: string }>(`/v1/admin/residents/${handle}/enrolment-codes`, {});
  return Phone.enrol(url, id, code);
}

/** What the phone knows of the alliance: the public bundle, checked by the same library that gates use. */
export async function trustOfPhone({ federation, anchor }: SampleWorld): Promise<AllianceTrust> {
  const bundle = await federation.get<Bundle>('/v1/bundle');
  const accepted = await acceptBundle({ anchor, bundle }, nodeCrypto);
  if (!accepted.ok) throw new Error(`the phone refuses the bundle: ${JSON.stringify(accepted.fault)}`);
  return accepted.value;
}

interface GateTrust {
  readonly seq: number | null;
  readonly statusListsListed: number;
  readonly statusListsHeld: number;
}

/** Waits until a gate holds a head at least this new, and every county's status list. */
export async function untilTrusted(gate: Api, seq = 1): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const trust = await gate.get<GateTrust>('/v1/trust');
    if (trust.seq !== null && trust.seq >= seq && trust.statusListsHeld === trust.statusListsListed) return;
    await delay(25);
  }
  throw new Error(`the gate did not take head ${seq} and the status lists in time`);
}

/**
 * The threshold to show for an offer: the weakest sufficient one, as the wallet chooses it. Where nothing held suffices a
 * wallet would send nothing; the sample then shows the strongest, so that the gate is seen to refuse it.
 */
export async function thresholdFor(world: SampleWorld, { held }: HeldProof, offerId: string): Promise<string> {
  const trust = await trustOfPhone(world);
  const offer = trust.offer(offerId);
  const { id, fingerprint } = held.claims.scheme;
  const scheme = trust.scheme(id, fingerprint);
  if (offer === undefined || scheme === undefined) throw new Error(`the alliance does not know ${offerId} or ${id}`);
  const versions = trust
    .tableVersions(id, fingerprint)
    .map(({ payload, suspended }) => ({ table: payload, suspended }));
  const strongest = scheme.payload.grades.find((grade) => held.thresholds.has(grade));
  const threshold = chooseThreshold(held, offer.payload, scheme.payload, versions, now()) ?? strongest;
  if (threshold === undefined) throw new Error('an attestation without a threshold');
  return threshold;
}

/** Draws the code for a lane and has it scanned there. */
export async function scan(world: SampleWorld, site: string, lane: string, qr: string): Promise<VerdictAnswer> {
  return world.site(site).lane.post<VerdictAnswer>('/v1/verifications', {
    site,
    lane,
    presentation: { way: 'rotating_qr', qr },
  });
}

interface OpenedSession {
  readonly id: string;
  readonly clientId: string;
  readonly nonce: string;
}

/** Buys online: the shop opens a session for an order, the phone answers it. */
export async function buy(
  world: SampleWorld,
  site: string,
  order: { readonly offer: string; readonly orderRef: string },
  proof: HeldProof,
  threshold: string,
): Promise<VerdictAnswer> {
  const { shop } = world.site(site);
  const session = await shop.post<OpenedSession>('/v1/verification-sessions', { site, ...order, party: ONE_ADULT });
  const showing: Showing = { threshold, offer: order.offer, audience: session.clientId, nonce: session.nonce };
  const presentation = await show(proof, showing);
  return shop.post<VerdictAnswer>(`/v1/verification-sessions/${session.id}/response`, {
    vp_token: { tier: [presentation] },
  });
}

export const ONE_ADULT = { adults: 1, children: 0, seniors: 0 };

export function outcomeOf(answer: VerdictAnswer): Outcome {
  return { actual: answer.verdict, effect: answer.effect ? effectText(answer.effect) : '', repeat: answer.repeat };
}

/** What the visitor gets, in words. */
export function effectText(effect: Effect): string {
  switch (effect.kind) {
    case 'free':
      return 'free';
    case 'percent_off':
      return effect.percent === 50 ? 'half' : `${effect.percent} % off`;
    case 'price_to':
      return `for ${(effect.fen / 100).toFixed(2)} yuan`;
    case 'coupon':
      return `coupon, ${effect.percent} % off`;
    case 'cashback':
      return `${effect.percent} % back`;
  }
}
