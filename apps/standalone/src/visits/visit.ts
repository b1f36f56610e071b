import type { VerdictCode } from '#libs/verifier';

/** What a visit led to. */
export interface Outcome {
  readonly actual: VerdictCode | 'error';
  /** What the visitor gets, in words; empty without a grant; for an `error` what went wrong. */
  readonly effect: string;
  readonly repeat: boolean;
}

/** One sample visit: data for the table, and how it is played. */
export interface Visit<World> {
  readonly visit: string;
  readonly who: string;
  readonly from: string;
  readonly to: string;
  readonly offer: string;
  readonly expected: VerdictCode;
  readonly expectedEffect: string;
  readonly expectedRepeat: boolean;
  play(world: World): Promise<Outcome>;
}

/** A played visit. */
export interface PlayedVisit<World> extends Outcome {
  /** When it ended, in milliseconds since the process began. */
  readonly atMs: number;
  readonly visit: Visit<World>;
}

export function isAsExpected<World>({ visit, actual, effect, repeat }: PlayedVisit<World>): boolean {
  return actual === visit.expected && effect === visit.expectedEffect && repeat === visit.expectedRepeat;
}
