import { createHash, randomBytes } from 'node:crypto';
import type { EvidenceHandles } from '#libs/verifier';

/** What the site's memory knows a visit by: digests, so that no key or nonce is kept. */
export interface MemoryHandles {
  readonly holder: string;
  readonly nonce: string;
  readonly proof: string;
}

/**
 * The handles of a genuine proof. Without one they are random, so that the same look-ups are made and find nothing.
 */
export function memoryHandles(genuine: EvidenceHandles | undefined): MemoryHandles {
  const { holder, nonce, proof } = genuine ?? { holder: randomText(), nonce: randomText(), proof: randomText() };
  return { holder: digest('holder', holder), nonce: digest('nonce', nonce), proof: digest('proof', proof) };
}

/** Whose quota counts: the holder's key, or for an offer per order the order itself, whoever pays. */
export function quotaSubject(
  handles: MemoryHandles,
  per: 'entry' | 'day' | 'order' | 'year' | undefined,
  orderRef: string | undefined,
): string {
  return per === 'order' && orderRef !== undefined ? digest('order', orderRef) : handles.holder;
}

/** A 64-bit key for PostgreSQL's advisory locks. */
export function lockKey(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest().readBigInt64BE(0).toString();
}

function digest(kind: string, value: string): string {
  return createHash('sha256').update(`${kind}|${value}`).digest('base64url');
}

function randomText(): string {
  return randomBytes(32).toString('base64url');
}
