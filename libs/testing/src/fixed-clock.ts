/** A clock (Unix seconds) that stands still until the test moves it. Fits wherever a `Clock` is injected. */
export interface FixedClock {
  now(): number;
  set(instant: number): void;
  advance(seconds: number): void;
}

export function fixedClock(start: number): FixedClock {
  let instant = start;
  return {
    now: () => instant,
    set: (next) => {
      instant = next;
    },
    advance: (seconds) => {
      instant += seconds;
    },
  };
}
