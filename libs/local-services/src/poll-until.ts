import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks `condition` every `everyMs` until it gives something other than undefined and resolves to that; resolves to
 * undefined once `deadlineMs` have passed. For states that no event announces (another process, a file).
 */
export async function pollUntil<T>(
  condition: () => T | undefined | Promise<T | undefined>,
  { deadlineMs, everyMs = 15 }: { readonly deadlineMs: number; readonly everyMs?: number },
): Promise<T | undefined> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined || performance.now() >= deadline) return value;
    await delay(everyMs);
  }
}
