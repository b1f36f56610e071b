import { fail, pass, type CryptoPort, type Result } from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import { checkSignatures } from './check-signatures.js';
import type { Anchor } from './payloads.js';
import { readDocumentOf, type ReadDocument, type SignedDocument } from './signed-document.js';
import { panelOf } from './verify-delegation.js';

/** Where a chain of anchors leads. */
export interface FollowedAnchors {
  /** The last anchor of the chain, or the one held where the chain has nothing newer. */
  readonly anchor: Anchor;
  /** The documents that lead there from the one held, verified, ascending. */
  readonly followed: readonly SignedDocument[];
}

/**
 * Follows a chain of anchors from the newest one held (`docs/wire.md`, Anchor; design §4.5: "a new root is signed by the old and
 * new thresholds"). Versions held already are passed over: an older anchor never comes back. Each further one is the next
 * version, signed by `threshold` organisations of the anchor before and by `threshold` of its own. There is no clock here,
 * and no expiry (docs/adr/0009-root-rotation.md).
 * @param documents ascending by version, from any version up to the next one on; untrusted
 */
export async function verifyAnchors(
  held: Anchor,
  documents: readonly SignedDocument[],
  port: CryptoPort,
): Promise<Result<FollowedAnchors, AllianceFault>> {
  let newest = held;
  const followed: SignedDocument[] = [];
  for (const document of documents) {
    const read = await readDocumentOf('anchor', document, port);
    if (!read.ok) return read;
    const { version, threshold, keys } = read.value.payload;
    if (version <= newest.version) continue;
    if (version !== newest.version + 1) return fail('ANCHOR_GAP');
    const fault = await checkSuccession(read.value, newest, port);
    if (fault !== undefined) return fail(fault);
    newest = { version, threshold, keys };
    followed.push(document);
  }
  return pass({ anchor: newest, followed });
}

/** The one that counts of a pinned and an accepted one. At the same version it is the pinned one: whoever can change that file may. */
export function newerAnchor(pinned: Anchor, accepted: Anchor | undefined): Anchor {
  return accepted !== undefined && accepted.version > pinned.version ? accepted : pinned;
}

/** Whoever signs in both panels counts in both: a root that stays signs once. */
async function checkSuccession(
  { payload, signed }: ReadDocument<'anchor'>,
  before: Anchor,
  port: CryptoPort,
): Promise<AllianceFault | undefined> {
  for (const { threshold, keys } of [before, payload]) {
    const panel = await panelOf(keys, port);
    const rule = { owners: [], panel: threshold };
    const checked = await checkSignatures(signed, 'anchor', panel, rule, port);
    if (!checked.ok) return checked.fault;
  }
  return undefined;
}
