/**
 * The 41 characters that QR alphanumeric mode (ISO/IEC 18004 table 5) and an unescaped URL fragment (RFC 3986 §3.5) share,
 * less `+` and `/`, which software likes to rewrite. 41³ ≥ 2¹⁶: two bytes make three characters, as in Base45 (RFC 9285),
 * but nothing on the way (keyboard wedge, messenger, browser) has a reason to touch them.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*-.:';
const BASE = ALPHABET.length;
const VALUES = new Map(Array.from(ALPHABET).map((character, value) => [character, value]));

/** Packs bytes: three characters per pair, two for an odd last byte. */
export function encodeBase41(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 2) {
    const isPair = index + 1 < bytes.length;
    let value = isPair ? (bytes[index]! << 8) | bytes[index + 1]! : bytes[index]!;
    for (let digit = 0; digit < (isPair ? 3 : 2); digit += 1) {
      text += ALPHABET[value % BASE];
      value = Math.floor(value / BASE);
    }
  }
  return text;
}

/** Unpacks canonical Base41; `undefined` for foreign characters, impossible lengths and values that overflow. */
export function decodeBase41(text: string): Uint8Array | undefined {
  if (text.length % 3 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor(text.length / 3) * 2 + (text.length % 3 === 2 ? 1 : 0));
  let at = 0;
  for (let index = 0; index < text.length; index += 3) {
    let value = 0;
    const digits = Math.min(3, text.length - index);
    for (let digit = digits - 1; digit >= 0; digit -= 1) {
      const digitValue = VALUES.get(text[index + digit]!);
      if (digitValue === undefined) return undefined;
      value = value * BASE + digitValue;
    }
    if (value > (digits === 3 ? 0xffff : 0xff)) return undefined;
    if (digits === 3) {
      bytes[at] = value >> 8;
      at += 1;
    }
    bytes[at] = value & 0xff;
    at += 1;
  }
  return bytes;
}
