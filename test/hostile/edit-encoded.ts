import type { Edits } from './recipe.js';
import { asText, type ValueReader } from './values.js';

/**
 * Applies edits to a text as it travels. `pad`, `trailing-bits`, `standard-alphabet`, `line-break`, `percent` and `space` write the
 * same bytes in a way that a lax base64url decoder takes for the same.
 */
export function editEncoded(encoded: string, edits: Edits, valueOf: ValueReader): string {
  return edits.all().reduce((text, { act, at, using }) => {
    if (at !== '') throw new RangeError(`no part ${at} of a text`);
    const [first, second] = using.map(valueOf);
    switch (act) {
      case 'pad':
        return text + '='.repeat((4 - (text.length % 4)) % 4 || 1);
      case 'trailing-bits':
        return withTrailingBits(text);
      case 'standard-alphabet':
        return changed(text, text.replaceAll('-', '+').replaceAll('_', '/'));
      case 'line-break':
        return `${text.slice(0, 8)}\n${text.slice(8)}`;
      case 'space':
        return `${text} `;
      case 'percent':
        return `%${text.charCodeAt(0).toString(16)}${text.slice(1)}`;
      case 'small-fragment':
        return text.replace(/#.*$/, (fragment) => fragment.toLowerCase());
      case 'truncate':
        return changed(text, text.slice(0, text.length - Number(first)));
      case 'append':
        return text + asText(first);
      case 'prepend':
        return asText(first) + text;
      case 'replace':
        return changed(
          text,
          text.replace(asText(first), () => asText(second)),
        );
      case 'become':
        return asText(first);
      default:
        throw new RangeError(`no such edit of a text: ${act}`);
    }
  }, encoded);
}

/** The next letter in the alphabet differs in the bits that a last character of an incomplete group does not use. */
function withTrailingBits(text: string): string {
  if (text.length % 4 === 0) throw new RangeError('no bits are left over');
  const bytes = Buffer.from(text, 'base64url');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet[alphabet.indexOf(text.at(-1)!) + 1];
  const next = text.slice(0, -1) + last;
  if (!Buffer.from(next, 'base64url').equals(bytes)) throw new RangeError('a lax decoder would tell them apart');
  return next;
}

function changed(before: string, after: string): string {
  if (before === after) throw new RangeError('the edit changes nothing');
  return after;
}
