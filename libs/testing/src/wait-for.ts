import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  /** Default 20,000: long, since only a failure waits for it. */
  readonly deadlineMs?: number;
  /** Default 20. */
  readonly everyMs?: number;
}

/**
 * Asks `condition` again and again until it gives something truthy, and resolves to that: tests wait for a state, never for
 * a span of time. A condition that throws counts as not yet met.
 * @throws Error once the deadline has passed, with the condition's last error as its cause
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { deadlineMs = 20_000, everyMs = 20 }: Patience = {},
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const deadline = performance.now() + deadlineMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (isMet(value)) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) throw new Error(`the condition was not met within ${deadlineMs} ms`, { cause });
    await delay(everyMs);
  }
}

function isMet<T>(value: T): value is Exclude<T, false | null | undefined | 0 | ''> {
  return Boolean(value);
}
