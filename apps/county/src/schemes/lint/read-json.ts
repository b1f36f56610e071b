import type { LintCode } from './lint-texts.js';

export interface JsonFault {
  readonly code: Extract<LintCode, `JSON_${string}`>;
  readonly about?: string;
  /** Where in the text, in UTF-16 units. */
  readonly offset: number;
}

export interface ReadJson {
  readonly value: unknown;
  /** Where in the text the value at a JSON Pointer begins; the nearest one above where there is none. */
  readonly offsetOf: (pointer: string) => number;
}

/** A member's name as it stands in a JSON Pointer (RFC 6901). */
export function pointerPart(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

const DEEPEST = 64;
const SPACE = /[ \t\r\n]*/y;
/** On one line; what else must not stand in it, JSON.parse finds. */
const TEXT = /"(?:[^"\\\r\n]|\\.)*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;
const FULL_WIDTH = /[，：；“”‘’｛｝［］【】（）、　]/;

/** Thrown inside this file only: the first fault ends the reading. */
class Stop extends Error {
  constructor(readonly fault: JsonFault) {
    super(fault.code);
  }
}

/**
 * Reads JSON (RFC 8259) for people: the first fault has its place and says what should stand there, and every value has one.
 * A member written twice is a fault, where `JSON.parse` would silently keep the last.
 */
export function readJson(
  text: string,
): { readonly ok: true; readonly value: ReadJson } | { readonly ok: false; readonly fault: JsonFault } {
  const reader = new Reader(text);
  try {
    const value = reader.document();
    return { ok: true, value: { value, offsetOf: (pointer) => reader.offsetOf(pointer) } };
  } catch (thrown) {
    if (thrown instanceof Stop) return { ok: false, fault: thrown.fault };
    throw thrown;
  }
}

class Reader {
  private at = 0;
  private readonly offsets = new Map<string, number>();

  constructor(private readonly text: string) {}

  document(): unknown {
    const value = this.value('', 0);
    if (this.at < this.text.length) this.refuse('EOF');
    return value;
  }

  offsetOf(pointer: string): number {
    for (let path = pointer; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
      const offset = this.offsets.get(path);
      if (offset !== undefined) return offset;
    }
    return this.offsets.get('') ?? 0;
  }

  private value(pointer: string, depth: number): unknown {
    this.skip(SPACE);
    if (depth > DEEPEST) throw new Stop({ code: 'JSON_TOO_DEEP', offset: this.at });
    this.offsets.set(pointer, this.at);
    const value = this.bare(pointer, depth);
    this.skip(SPACE);
    return value;
  }

  private bare(pointer: string, depth: number): unknown {
    const next = this.text[this.at];
    if (next === '{') return this.object(pointer, depth);
    if (next === '[') return this.array(pointer, depth);
    if (next === '"') return this.string();
    const token = this.take(NUMBER) ?? this.take(WORD);
    if (token !== undefined) return JSON.parse(token) as unknown;
    return this.refuse('"…" / 0 / { / [ / true / false / null');
  }

  private object(pointer: string, depth: number): unknown {
    const members = new Map<string, unknown>();
    this.at += 1;
    this.skip(SPACE);
    if (this.text[this.at] !== '}')
      do {
        this.skip(SPACE);
        const offset = this.at;
        const name = this.string();
        if (members.has(name)) throw new Stop({ code: 'JSON_MEMBER_TWICE', about: name, offset });
        this.skip(SPACE);
        if (!this.eat(':')) this.refuse(':');
        members.set(name, this.value(`${pointer}/${pointerPart(name)}`, depth + 1));
      } while (this.eat(','));
    if (!this.eat('}')) this.refuse(', / }');
    return Object.fromEntries(members);
  }

  private array(pointer: string, depth: number): unknown {
    const items: unknown[] = [];
    this.at += 1;
    this.skip(SPACE);
    if (this.text[this.at] !== ']')
      do items.push(this.value(`${pointer}/${items.length}`, depth + 1));
      while (this.eat(','));
    if (!this.eat(']')) this.refuse(', / ]');
    return items;
  }

  private string(): string {
    const begin = this.at;
    const token = this.take(TEXT);
    try {
      if (token !== undefined) return String(JSON.parse(token));
    } catch {
      this.at = begin;
    }
    return this.refuse('"…"');
  }

  private eat(sign: string): boolean {
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const token = pattern.exec(this.text)?.[0];
    this.at += token?.length ?? 0;
    return token;
  }

  private skip(pattern: RegExp): void {
    this.take(pattern);
  }

  private refuse(expected: string): never {
    const offset = this.at;
    const found = this.text[offset];
    if (found === undefined) throw new Stop({ code: 'JSON_ENDS_EARLY', about: expected, offset });
    if (FULL_WIDTH.test(found)) throw new Stop({ code: 'JSON_FULL_WIDTH', about: found, offset });
    throw new Stop({ code: 'JSON_UNEXPECTED', about: expected, offset });
  }
}
