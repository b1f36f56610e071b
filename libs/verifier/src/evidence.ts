import type { AllianceTrust } from '#libs/alliance';
import type { MaskedPerson } from '#libs/attestation';
import type { CryptoPort } from '#libs/jose-profile';
import type { AttestationFacts } from './facts.js';
import type { StatusLists } from './read-status.js';
import type { PresentationWay } from './ways.js';

/** How something is presented, and what its proof must be bound to. Chosen before anything is parsed (design §4.2). */
export interface Expectation {
  readonly way: PresentationWay;
  /** The site, or the client_id of a session. */
  readonly audience: string;
  /** Of the session or the voucher's request; `undefined` for a rotating QR, whose nonce is the wallet's own. */
  readonly nonce: string | undefined;
  /** The offer it is for; a code may leave it out, but not name another. `undefined` where the code itself chooses. */
  readonly offer: string | undefined;
}

/** What one presentation proves, and the handles by which a site remembers it (these never enter a receipt). */
export interface Evidence {
  readonly attestation: AttestationFacts | undefined;
  /** The offer the holder asked for. */
  readonly offer: string | undefined;
  /** Of a genuine proof only: nobody learns or spends anything with somebody else's. */
  readonly memory: EvidenceHandles | undefined;
  readonly person: MaskedPerson | undefined;
}

export interface EvidenceHandles {
  /** Whose quota it is: the thumbprint of the holder's key, the voucher's holder, or the card itself. Of one partner only. */
  readonly holder: string;
  readonly nonce: string;
  /** Digest of a signing input, so a mangled signature is still the same proof. */
  readonly proof: string;
}

/** A text that is nothing of the kind. */
export const NO_EVIDENCE: Evidence = { attestation: undefined, offer: undefined, memory: undefined, person: undefined };

/** Whether the county signed it, and the holder's proof fits it: the only thing a site may remember anything by. */
export function isGenuine(attestation: AttestationFacts): boolean {
  const { isIssuerKeyTrusted, isIssuerSigned, areDisclosuresSound, binding } = attestation;
  const isBound = binding === undefined || (binding.isHolderSigned && binding.coversWhatIsShown);
  return isIssuerKeyTrusted && isIssuerSigned && areDisclosuresSound && isBound;
}

/** Reads what is presented in one way, against what the gate trusts and holds. Never rejects. */
export type EvidenceReader = (
  text: string,
  expectation: Expectation,
  trust: AllianceTrust,
  lists: StatusLists,
  port: CryptoPort,
) => Promise<Evidence>;
