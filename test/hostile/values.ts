import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { encodeBase64url, type JsonObject, type JsonValue } from '#libs/jose-profile';
import type { HostileWorld } from './hostile-world.js';

/** Reads a value of a recipe: what begins with `$` stands for something of this run. */
export type ValueReader = (value: JsonValue) => JsonValue;

type Source = (argument: string, world: HostileWorld, digests: ReadonlyMap<string, string>) => JsonValue;

const SOURCES: Readonly<Record<string, Source>> = {
  /** Unix seconds of the run, with an offset: `$now:-61`. */
  now: (offset, { now }) => now + Number(offset),
  jwk: (name, world) => ({ ...world.key(name).publicJwk }),
  kid: (name, world) => world.key(name).kid,
  digest: (name, _, digests) => digests.get(name) ?? missing(name),
  /** The payload, in base64url, of the delegation or round that a gate holds. */
  payload: (part, { base }) => (part === 'round' ? base.round : base.delegation).payload,
  scheme: (id, { alliance }) => {
    const scheme = alliance.plan.schemes.find((each) => each.id === id);
    return scheme === undefined ? missing(id) : { id, fingerprint: scheme.fingerprint };
  },
  /** 128 bits that are the same each time. */
  salt: (number) => encodeBase64url(Buffer.alloc(16, Number(number))),
  /** So many characters. */
  fill: (count) => 'x'.repeat(Number(count)),
  digests: (count) => Array.from({ length: Number(count) }, (_, index) => digestNo(index)),
  grades: (count) => Object.fromEntries(Array.from({ length: Number(count) }, (_, index) => [`G${index}`, 'A'])),
  places: (count) => Array.from({ length: Number(count) }, (_, index) => `https://h${index}.example`),
  nested: (depth) => JSON.parse('['.repeat(Number(depth)) + ']'.repeat(Number(depth))) as JsonValue,
  zeros: (count) => '0'.repeat(Number(count)),
  spaces: (count) => ' '.repeat(Number(count)),
  /** The text of a list of so many. */
  'zeros-listed': (count) => `[${'0,'.repeat(Number(count) - 1)}0]`,
  /** Hexadecimal: so many bytes, and a raw deflate stream of so many zero bytes. */
  fc: (count) => 'fc'.repeat(Number(count)),
  ff: (count) => 'ff'.repeat(Number(count)),
  bomb: (bytes) => deflateRawSync(Buffer.alloc(Number(bytes))).toString('hex'),
  tildes: (count) => '~'.repeat(Number(count)),
  brackets: (count) => '['.repeat(Number(count)),
  /** A zlib stream of so many zero bytes, and what is no such stream though it looks like one. */
  zlib: (bytes) => encodeBase64url(deflateSync(Buffer.alloc(Number(bytes)))),
  deflate: (bytes) => encodeBase64url(deflateRawSync(Buffer.alloc(Number(bytes)))),
  gzip: (bytes) => encodeBase64url(gzipSync(Buffer.alloc(Number(bytes)))),
  'zlib-cut': (bytes) => encodeBase64url(deflateSync(Buffer.alloc(Number(bytes))).subarray(0, -5)),
  'zlib-more': (bytes) => encodeBase64url(Buffer.concat([deflateSync(Buffer.alloc(Number(bytes))), Buffer.from('x')])),
  'zlib-sum': (bytes) => encodeBase64url(withWrongSum(deflateSync(Buffer.alloc(Number(bytes))))),
  'zlib-padded': (bytes) => `${encodeBase64url(deflateSync(Buffer.alloc(Number(bytes))))}=`,
};

/** @param digests of the documents built so far, by their names in recipes */
export function valueReader(world: HostileWorld, digests: ReadonlyMap<string, string> = new Map()): ValueReader {
  const read: ValueReader = (value) => {
    if (Array.isArray(value)) return value.map(read);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value as JsonObject).map(([name, inner]) => [name, inner === undefined ? null : read(inner)]),
      );
    if (typeof value !== 'string' || !value.startsWith('$')) return value;
    const [name, argument = '0'] = value.slice(1).split(':');
    const source = SOURCES[name!];
    return source === undefined ? missing(value) : source(argument, world, digests);
  };
  return read;
}

/** @throws TypeError for a value that is no text and no number: a recipe with one there is wrong */
export function asText(value: JsonValue | undefined): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new TypeError('not a text');
  return `${value}`;
}

function missing(name: string): never {
  throw new RangeError(`no value ${name}`);
}

function digestNo(index: number): string {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32BE(index);
  return encodeBase64url(bytes);
}

function withWrongSum(stream: Buffer): Buffer {
  stream[stream.length - 1]! ^= 1;
  return stream;
}
