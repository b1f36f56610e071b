import { describe, expect, it } from '@jest/globals';
import { fixedClock } from './fixed-clock.js';
import { waitFor } from './wait-for.js';

describe('waiting for a condition', () => {
  it('resolves to the first truthy answer and bears errors until then', async () => {
    let asked = 0;
    const condition = (): string => {
      if (++asked < 3) throw new Error('not yet');
      return 'ready';
    };
    expect(await waitFor(condition, { everyMs: 1 })).toBe('ready');
  });

  it('gives up at the deadline and tells why', async () => {
    const failing = (): boolean => {
      throw new Error('never');
    };
    await expect(waitFor(failing, { deadlineMs: 5, everyMs: 1 })).rejects.toMatchObject({
      cause: { message: 'never' },
    });
  });
});

describe('a fixed clock', () => {
  it('moves only when told', () => {
    const clock = fixedClock(100);
    clock.advance(20);
    expect(clock.now()).toBe(120);
    clock.set(7);
    expect(clock.now()).toBe(7);
  });
});
