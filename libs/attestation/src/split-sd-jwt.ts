import { fail, parseCompactJws, pass, type JwsFault, type ParsedJws, type Result } from '#libs/jose-profile';
import { isNamedByKidOnly } from './claim-forms.js';
import { parseDisclosure, type Disclosure } from './disclosures.js';
import { parseKeyBinding, type KeyBinding, type KeyBindingFault } from './key-binding.js';

/** `typ` of attestations and badges (SD-JWT VC §3.2.1). */
export const ATTESTATION_TYP = 'dc+sd-jwt';

/** An SD-JWT VC of this profile taken apart and checked for form. Nothing in it is trusted yet. */
export interface SdJwtParts {
  readonly jws: ParsedJws;
  readonly disclosures: readonly Disclosure[];
  /** `<jws>~<disclosure>~…~`: what `sd_hash` covers. */
  readonly sdJwt: string;
  /** Absent in a credential as issued (RFC 9901 §4: an SD-JWT without key binding ends in `~`). */
  readonly keyBinding: KeyBinding | undefined;
}

export type SdJwtFormFault =
  JwsFault | KeyBindingFault | 'DISCLOSURE_MALFORMED' | 'PRESENTATION_TOO_LARGE' | 'JWS_HEADER_NOT_PLAIN';

const MAX_CHARS = 8_192;
const MAX_DISCLOSURES = 8;
/** What stands between the `~`: the issuer's JWS, disclosures, the key-binding JWT or nothing. */
export const MAX_SECTIONS = MAX_DISCLOSURES + 2;

/**
 * Takes `<issuer jws>~<disclosure>~…~[<key-binding jwt>]` apart (RFC 9901 §4, §7.3 step 3). Bounded in size, in the number of
 * disclosures and in the depth of every JSON text, so the work is linear in at most 8 kB.
 */
export function splitSdJwt(text: string): Result<SdJwtParts, SdJwtFormFault> {
  if (text.length > MAX_CHARS) return fail('PRESENTATION_TOO_LARGE');
  const parts = text.split('~', MAX_SECTIONS + 1);
  if (parts.length < 2 || parts.length > MAX_SECTIONS) return fail('DISCLOSURE_MALFORMED');
  const jws = parseCompactJws(parts[0]!, { typ: ATTESTATION_TYP });
  if (!jws.ok) return jws;
  if (!isNamedByKidOnly(jws.value)) return fail('JWS_HEADER_NOT_PLAIN');
  const disclosures: Disclosure[] = [];
  for (const part of parts.slice(1, -1)) {
    const disclosure = parseDisclosure(part);
    if (!disclosure.ok) return disclosure;
    disclosures.push(disclosure.value);
  }
  const last = parts[parts.length - 1]!;
  const keyBinding = last === '' ? pass(undefined) : parseKeyBinding(last);
  if (!keyBinding.ok) return keyBinding;
  const sdJwt = text.slice(0, text.length - last.length);
  return pass({ jws: jws.value, disclosures, sdJwt, keyBinding: keyBinding.value });
}
