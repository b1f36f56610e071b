import { fail, pass, type CryptoPort } from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import type { AllianceTrust } from './alliance-trust.js';
import type { NextBundle } from './bundle.js';
import { checkContinuity } from './check-order.js';
import { docsRoot } from './docs-root.js';
import { schemeKey, type DocumentRegister } from './document-register.js';
import type { Anchor } from './payloads.js';
import { readDocuments } from './read-documents.js';
import { verifyDocuments } from './verify-documents.js';
import { verifyParts, type VerifiedParts } from './verify-parts.js';

/** Why a bundle was refused, and which part of it broke the rule: a document by its digest where one is to blame. */
export interface BundleRefusal {
  readonly ok: false;
  readonly fault: AllianceFault;
  readonly at: 'anchors' | 'delegation' | 'round' | 'head' | 'documents' | `document:${string}`;
}

export type BundleOutcome = { readonly ok: true; readonly value: AllianceTrust } | BundleRefusal;

/**
 * Accepts a bundle as the new trust, or refuses it whole and says why (`docs/wire.md`, Head; design §4.5): each next anchor
 * under the one before, from the newest that `anchor` and `held` know, delegation under the last of them, round under the
 * delegation, head under both and in order after `held`, every document under `docs_root` present with the signatures it needs.
 * One that is in `held` costs neither parsing nor cryptography again, and its signatures are counted again where anything that
 * they are counted by has changed, so that the outcome is that of a bundle of which nothing was known but what came before it.
 * There is no clock here: expired bundles are accepted, and the verdict is what expiry changes.
 * @param held what was accepted last, across restarts; without it nothing protects from an older bundle
 */
export async function acceptBundle(
  {
    anchor,
    bundle,
    held,
  }: { readonly anchor: Anchor; readonly bundle: NextBundle; readonly held?: AllianceTrust | undefined },
  port: CryptoPort,
): Promise<BundleOutcome> {
  const parts = await verifyParts({ anchor, parts: bundle, held }, port);
  if (!parts.ok) return parts;
  const { delegation, head } = parts.value;

  const read = await readDocuments(bundle, held, port);
  if (!read.ok) return refuse(read.fault, `document:${read.at}`);
  const { documents, gone } = read.value;
  const digests = documents.map(({ digest }) => digest);
  if ((await docsRoot(digests, port)) !== head.payload.docs_root) return refuse('DOCS_ROOT_WRONG', 'documents');
  const suspended = new Set(head.payload.suspended);
  const surroundings = { delegation, suspended, held, port };
  const verified = await verifyDocuments(read.value, surroundings);
  if (!verified.ok) return refuse(verified.fault, `document:${verified.at}`);
  if (held?.epoch === head.payload.epoch) {
    const broken = checkContinuity(gone, verified.value);
    if (broken) return refuse(broken.fault, `document:${broken.digest}`);
  }
  return pass(makeTrust(parts.value, verified.value));
}

function refuse(fault: AllianceFault, at: BundleRefusal['at']): BundleRefusal {
  return { ...fail(fault), at };
}

function makeTrust(parts: VerifiedParts, register: DocumentRegister): AllianceTrust {
  const { anchor, followed: followedAnchors } = parts.anchors;
  const { payload: delegation, digest: delegationDigest } = parts.delegation;
  const { payload: roundPayload, digest: roundDigest } = parts.round;
  const { payload: head, digest: headDigest } = parts.head;
  return {
    epoch: head.epoch,
    seq: head.seq,
    round: head.round,
    headIat: head.iat,
    expiresAt: Math.min(head.exp, roundPayload.exp, delegation.exp),
    headDigest,
    docsRoot: head.docs_root,
    suspended: new Set(head.suspended),
    anchor,
    followedAnchors,
    delegation,
    delegationDigest,
    roundPayload,
    roundDigest,
    documents: register.documents,
    key: (kid) => register.keys.get(kid),
    keysOf: (digest) => register.keysOf.get(digest),
    member: (id) => register.members.get(id),
    partner: (id) => register.partners.get(id),
    scheme: (id, fingerprint) => register.schemes.get(schemeKey(id, fingerprint)),
    agreement: (id) => register.agreements.get(id),
    offer: (id) => register.offers.get(id),
    tableVersions: (id, fingerprint) => register.tables.get(schemeKey(id, fingerprint)) ?? [],
  };
}
