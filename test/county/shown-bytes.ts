import { decodeBase64url } from '#libs/jose-profile';

/** What a presentation consists of, taken apart as someone would who looks for what two of them share. */
export interface ShownBytes {
  /** Leaf values of the issuer's claims by path, `cnf.jwk.x` for one. */
  readonly claims: ReadonlyMap<string, unknown>;
  /**
   * Everything, as bytes: of each JSON text its syntax and names, and apart from that each value, base64url decoded; each
   * signature. Apart, so that no value of chance lengthens what is always the same.
   */
  readonly pieces: readonly Buffer[];
  /** Characters of each part, as it travels. */
  readonly lengths: readonly number[];
}

/** A member's name with its colon, or a value that is text or a number. */
const NAME_OR_VALUE = /"(?:[^"\\]|\\.)*":|"(?:[^"\\]|\\.)*"|-?[0-9]+/g;
const isName = (token: string): boolean => token.endsWith(':');
const SHORTEST_DIGEST_BYTES = 16;

/** Takes `<jws>~<disclosure>~…~<key-binding jwt>` apart. */
export function takeApart(presentation: string): ShownBytes {
  const parts = presentation.split('~').map((section) => section.split('.'));
  const pieces = parts.flatMap((section) =>
    section.flatMap((part, at) => (at === 2 ? [Buffer.from(part, 'base64url')] : piecesOf(part))),
  );
  const payload: unknown = JSON.parse(textOf(parts[0]?.[1] ?? ''));
  return {
    claims: new Map(leavesOf(payload)),
    pieces,
    lengths: parts.flat().map((part) => part.length),
  };
}

/** Every run of at least `shortest` bytes of `one` that `other` has too, and `third` has not: what ties the two together. */
export function sharedBeyond(one: ShownBytes, other: ShownBytes, third: ShownBytes, shortest = 5): readonly string[] {
  const has = (shown: ShownBytes, run: Buffer): boolean => shown.pieces.some((piece) => piece.includes(run));
  const runs = one.pieces.flatMap((piece) =>
    Array.from({ length: Math.max(0, piece.length - shortest + 1) }, (_, at) => piece.subarray(at, at + shortest)),
  );
  return runs.filter((run) => has(other, run) && !has(third, run)).map((run) => run.toString('latin1'));
}

function textOf(part: string): string {
  return Buffer.from(part, 'base64url').toString('utf8');
}

function piecesOf(part: string): readonly Buffer[] {
  const text = textOf(part);
  const values = (text.match(NAME_OR_VALUE) ?? []).filter((token) => !isName(token));
  const syntax = text.replace(NAME_OR_VALUE, (token) => (isName(token) ? token : ''));
  return [Buffer.from(syntax), ...values.map((value) => bytesOf(value.replaceAll('"', '')))];
}

function bytesOf(value: string): Buffer {
  const bytes = decodeBase64url(value);
  return bytes !== undefined && bytes.length >= SHORTEST_DIGEST_BYTES ? Buffer.from(bytes) : Buffer.from(value);
}

function leavesOf(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, path === '' ? name : `${path}.${name}`));
}
