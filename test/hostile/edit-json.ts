import { canonicalJson, type JsonObject, type JsonValue } from '#libs/jose-profile';
import type { Edits } from './recipe.js';
import { asText, type ValueReader } from './values.js';

type Mutable = { [member: string]: JsonValue };

/** Stand in for what JSON cannot carry twice or at all, until the text is written; sorted before and behind every other name. */
const FIRST = '!!';
const LAST = '~~';

/**
 * Applies edits to the bytes of a JSON text. `set`, `delete`, `raw` (a value's own text), `repeat` (a list's first
 * entry so many times), `before` and `again` (the member a second
 * time) go by path and leave the rest canonical; `become`, `replace`, `prepend`, `append`, `cut` and, in hexadecimal, `bytes` and
 * `bytes-append` edit the text; `zero-end` its last 64 bytes.
 */
export function editJson(bytes: Buffer, edits: Edits, valueOf: ValueReader): Buffer {
  return edits.all().reduce((text, { act, at, using }) => {
    const path = at === '' ? [] : at.split('/');
    const values = using.map(valueOf);
    return path.length > 0 ? editMember(text, act, path, values) : editText(text, act, values);
  }, bytes);
}

function editMember(
  bytes: Buffer,
  act: string,
  path: readonly string[],
  [value, spelling]: readonly JsonValue[],
): Buffer {
  const root = JSON.parse(bytes.toString('utf8')) as JsonObject;
  const name = path.at(-1)!;
  const owner = path.slice(0, -1).reduce<Mutable>((inner, step) => {
    const next = inner[step];
    if (typeof next !== 'object' || next === null) throw new RangeError(`no ${path.join('/')}`);
    return next as Mutable;
  }, root as Mutable);
  const write = (marker: string, text: string): Buffer =>
    Buffer.from(
      Buffer.from(canonicalJson(root))
        .toString('utf8')
        .replace(JSON.stringify(marker), () => text),
    );
  switch (act) {
    case 'set':
      owner[name] = value!;
      return Buffer.from(canonicalJson(root));
    case 'repeat':
      owner[name] = Array.from({ length: Number(value) }, () => (owner[name] as readonly JsonValue[])[0]!);
      return Buffer.from(canonicalJson(root));
    case 'delete':
      if (!Object.hasOwn(owner, name)) throw new RangeError(`no ${path.join('/')} to delete`);
      if (Array.isArray(owner)) owner.splice(Number(name), 1);
      else delete owner[name];
      return Buffer.from(canonicalJson(root));
    case 'raw':
      owner[name] = FIRST;
      return write(FIRST, asText(value));
    case 'before':
    case 'again': {
      const marker = act === 'before' ? FIRST : LAST;
      owner[marker] = value!;
      return write(marker, typeof spelling === 'string' ? spelling : JSON.stringify(name));
    }
    default:
      throw new RangeError(`no such edit of a member: ${act}`);
  }
}

function editText(bytes: Buffer, act: string, [first, second]: readonly JsonValue[]): Buffer {
  if (act === 'zero-end') return Buffer.concat([bytes.subarray(0, -64), Buffer.alloc(64)]);
  const text = asText(first);
  switch (act) {
    case 'become':
      return Buffer.from(text);
    case 'prepend':
      return Buffer.concat([Buffer.from(text), bytes]);
    case 'append':
      return Buffer.concat([bytes, Buffer.from(text)]);
    case 'bytes-append':
      return Buffer.concat([bytes, Buffer.from(text, 'hex')]);
    case 'cut':
      return bytes.subarray(0, bytes.length - Number(text));
    case 'replace':
      return splice(bytes, Buffer.from(text), Buffer.from(asText(second)));
    case 'bytes':
      return splice(bytes, Buffer.from(text), Buffer.from(asText(second), 'hex'));
    default:
      throw new RangeError(`no such edit of a text: ${act}`);
  }
}

function splice(bytes: Buffer, found: Buffer, put: Buffer): Buffer {
  const at = bytes.indexOf(found);
  if (at < 0) throw new RangeError(`nothing to replace: ${found.toString()}`);
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + found.length)]);
}
