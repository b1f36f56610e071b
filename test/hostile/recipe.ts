import { readFileSync } from 'node:fs';
import type { JsonObject, JsonValue } from '#libs/jose-profile';
import type { PresentationWay } from '#libs/verifier';

/**
 * One edit of a recipe: what is done, to which part, with what. Parts are named by paths: `county/payload/keys/0/alg` is a member
 * of a payload, `head/signature` the raw bytes of a signature, `head/payload:text` the base64url of a payload, `head:text` the
 * whole token as it travels, `head/payload:after` a payload that is changed behind its signature.
 */
export type Edit = readonly [act: string, at: string, ...using: readonly JsonValue[]];

/** One hostile case as data: a good thing is taken, edited in this order, and must not be believed. */
export interface Recipe {
  readonly name: string;
  /** Ids of `docs/profile.md`. */
  readonly clauses: readonly string[];
  readonly do: readonly Edit[];
  /** What a library says of it; `accepted` marks a control, which shows that edits of this kind alone do no harm. */
  readonly fault?: string;
  /** The verdicts that a visit, or a look at a badge, may end in; never `granted` or `genuine`, but for a control. */
  readonly verdicts?: readonly string[];
  /** A replay: what is done to the very text that was granted, and the verdict on another lane; `again` is the same answer told again. */
  readonly then?: readonly Edit[];
  readonly elsewhere?: string;
  /** What a gate notes, where that is another code than `fault`. */
  readonly gateFault?: string;
  /** Why a gate never meets it in this form. */
  readonly libraryOnly?: string;
  /** How it is presented, where not in the way its type is made for. */
  readonly way?: PresentationWay;
  /** Which offer the lane asks for, where not the usual one. */
  readonly offer?: string;
  /** What else the decision is made from, where it differs. */
  readonly facts?: JsonObject;
  /** It breaks a rule of order only, so it takes a gate that holds something. */
  readonly ordering?: true;
}

/** What the recipes of a file start from, and so what they are run against. */
export const TARGETS = [
  'presentation',
  'key-binding',
  'card',
  'voucher',
  'badge',
  'qr-payload',
  'replay',
  'status-list',
  'anchor',
  'delegation',
  'round',
  'head',
  'documents',
  'bundle',
] as const;
export type Target = (typeof TARGETS)[number];

/** The data stands in the sources only; compiled code finds it from `dist/test/hostile`. */
const CASES = new URL(
  import.meta.url.includes('/dist/test/') ? '../../../test/hostile/cases/' : './cases/',
  import.meta.url,
);

export function recipesOf(target: Target): readonly Recipe[] {
  return JSON.parse(readFileSync(new URL(`${target}.json`, CASES), 'utf8')) as readonly Recipe[];
}

/** An edit on its way to the part it is for. */
interface PlacedEdit {
  readonly edit: Edit;
  readonly rest: string;
}

/** The edits of one recipe, handed down part by part. What no part takes is a mistake in the recipe. */
export class Edits {
  private constructor(
    private readonly placed: readonly PlacedEdit[],
    private readonly waiting: Set<Edit>,
  ) {}

  static of(recipe: readonly Edit[]): Edits {
    return new Edits(
      recipe.map((edit) => ({ edit, rest: edit[1] })),
      new Set(recipe),
    );
  }

  /** The edits below a part: `take('head')` of `head/payload/iat` is `payload/iat`, of `head:text` is `:text`. */
  take(part: string): Edits {
    const below = this.placed.flatMap(({ edit, rest }) => {
      if (rest === part) return [{ edit, rest: '' }];
      if (rest.startsWith(`${part}:`)) return [{ edit, rest: rest.slice(part.length) }];
      return rest.startsWith(`${part}/`) ? [{ edit, rest: rest.slice(part.length + 1) }] : [];
    });
    return new Edits(below, this.waiting);
  }

  /**
   * Those of this part's JSON or raw bytes; of its text as it travels (`:text`); of its bytes once it is signed
   * (`:after`). `part`: all of these, without orders about the part itself.
   */
  only(kind: 'json' | 'text' | 'after' | 'part'): Edits {
    if (kind === 'part')
      return new Edits(
        this.placed.filter((placed) => !isOrder(placed)),
        this.waiting,
      );
    const chosen = this.placed.filter((placed) => kindOf(placed) === kind);
    return new Edits(kind === 'json' ? chosen : chosen.map(({ edit }) => ({ edit, rest: '' })), this.waiting);
  }

  /** Takes every edit left here as one of this part; `at` is the path within it. */
  all(): readonly { readonly act: string; readonly at: string; readonly using: readonly JsonValue[] }[] {
    return this.placed.map(({ edit, rest }) => {
      this.waiting.delete(edit);
      const [act, , ...using] = edit;
      return { act, at: rest, using };
    });
  }

  /** The arguments of the one edit with this act on the part itself, if there is one. */
  order(act: string): readonly JsonValue[] | undefined {
    const found = this.placed.find(({ edit, rest }) => rest === '' && edit[0] === act);
    if (found === undefined) return undefined;
    this.waiting.delete(found.edit);
    const [, , ...using] = found.edit;
    return using;
  }

  get isEmpty(): boolean {
    return this.placed.length === 0;
  }

  /** @throws RangeError naming an edit that nothing took: a path that leads nowhere makes a case that tests nothing */
  checkAllTaken(): void {
    const [left] = this.waiting;
    if (left !== undefined) throw new RangeError(`the recipe edits what is not there: ${JSON.stringify(left)}`);
  }
}

function kindOf({ rest }: PlacedEdit): string {
  return rest.startsWith(':') ? rest.slice(1) : 'json';
}

/** About a part as a whole: shown or not, there or not. */
const ORDERS = new Set(['add', 'show', 'hide', 'twice', 'unlist', 'reverse', 'take', 'drop']);

function isOrder({ edit, rest }: PlacedEdit): boolean {
  return rest === '' && ORDERS.has(edit[0]);
}
