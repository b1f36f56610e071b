import {
  ApiProblem,
  draw,
  type HeldProof,
  scan,
  thresholdFor,
  untilTrusted,
  type VerdictAnswer,
} from '#apps/standalone';
import type { Alliance } from './alliance.js';
import { RowFault } from './expectations.js';
import type { Outcome, Row } from './row.js';

/** A row that is played with federation and gates. It holds to no scheme document. */
export function allianceRow(row: string, negative: string, play: (alliance: Alliance) => Promise<Outcome>): Row {
  return { row, negative, documents: [], play: async (scene) => play(await scene.alliance()) };
}

/** The code of a request that a service must refuse. */
export async function refusalOf(what: string, request: Promise<unknown>): Promise<string> {
  const answer: unknown = await request.catch((problem: unknown) => problem);
  if (!(answer instanceof ApiProblem) || answer.code === 'BODY_INVALID')
    throw new RowFault(`${what}: was not refused, or for nothing`);
  return answer.code;
}

/** Shows a code on a phone's screen at a lane; the threshold that the wallet chooses unless another is told. */
export async function show(
  alliance: Alliance,
  { site, lane = 'lane-1', offer }: { readonly site: string; readonly lane?: string; readonly offer: string },
  proof: HeldProof,
  threshold?: string,
): Promise<VerdictAnswer> {
  const chosen = threshold ?? (await thresholdFor(alliance, proof, offer));
  return scan(alliance, site, lane, await draw(alliance, proof, { audience: site, threshold: chosen, offer }));
}

/** What a verdict says besides the number it is filed under: nothing but the word, unless it grants. */
export function said(answer: VerdictAnswer): object {
  const { id: _, ...rest } = answer;
  return rest;
}

/** The one answer to whoever shows no sufficient proof. */
export const NO_PROOF = { verdict: 'no_proof', repeat: false };

/**
 * Lets a gate of the site's partner take in what the alliance says, cuts it off from federation, counties and all, starts it
 * again and plays at it.
 */
export async function cutOff<Answer>(
  alliance: Alliance,
  site: string,
  play: (there: Alliance) => Promise<Answer>,
): Promise<Answer> {
  const { url } = alliance.federation;
  await alliance.withSpareGate({ site, federationUrl: url }, ({ lane }) => untilTrusted(lane));
  return alliance.withSpareGate({ site }, (gate) => play({ ...alliance, site: () => gate }));
}
