import { fail, parseCompactJws, pass, type JwsFault, type ParsedJws, type Result } from '#libs/jose-profile';
import { parseDisclosure, type Disclosure, type DisclosureFault } from './disclosures.js';
import { parseKeyBinding, type KeyBinding, type KeyBindingFault } from './key-binding.js';
import { ATTESTATION_TYP, parseTierClaims, type ClaimsFault, type TierClaims } from './tier-claims.js';

/** A presentation taken apart and checked for form. Nothing in it is trusted yet. */
export interface TierPresentation {
  readonly jws: ParsedJws;
  readonly claims: TierClaims;
  readonly disclosures: readonly Disclosure[];
  /** `<jws>~<disclosure>~…~`: what `sd_hash` covers. */
  readonly sdJwt: string;
  /** Absent in an attestation as issued (RFC 9901 §4: an SD-JWT without key binding ends in `~`). */
  readonly keyBinding: KeyBinding | undefined;
}

export type PresentationFault =
  JwsFault | ClaimsFault | DisclosureFault | KeyBindingFault | 'PRESENTATION_TOO_LARGE' | 'KID_MISSING';

const MAX_CHARS = 8_192;
const MAX_DISCLOSURES = 8;

/**
 * Parses `<issuer jws>~<disclosure>~…~[<key-binding jwt>]` (RFC 9901 §4). Bounded in size, in the number of disclosures and
 * in the depth of every JSON text, so the work is linear in at most 8 kB.
 */
export function parsePresentation(text: string): Result<TierPresentation, PresentationFault> {
  if (text.length > MAX_CHARS) return fail('PRESENTATION_TOO_LARGE');
  const parts = text.split('~', MAX_DISCLOSURES + 3);
  if (parts.length < 2 || parts.length > MAX_DISCLOSURES + 2) return fail('DISCLOSURE_MALFORMED');
  const jws = parseCompactJws(parts[0]!, { typ: ATTESTATION_TYP });
  if (!jws.ok) return jws;
  if (jws.value.kid === undefined) return fail('KID_MISSING');
  const claims = parseTierClaims(jws.value.payload);
  if (!claims.ok) return claims;
  const disclosures: Disclosure[] = [];
  for (const part of parts.slice(1, -1)) {
    const disclosure = parseDisclosure(part);
    if (!disclosure.ok) return disclosure;
    disclosures.push(disclosure.value);
  }
  const last = parts[parts.length - 1]!;
  const keyBinding = last === '' ? pass(undefined) : parseKeyBinding(last);
  if (!keyBinding.ok) return keyBinding;
  return pass({
    jws: jws.value,
    claims: claims.value,
    disclosures,
    sdJwt: text.slice(0, text.length - last.length),
    keyBinding: keyBinding.value,
  });
}
