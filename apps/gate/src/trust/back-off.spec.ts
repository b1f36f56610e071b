import { describe, expect, it } from '@jest/globals';
import type { VerifiedHead } from '#libs/alliance';
import { BackOff } from './back-off.js';

const NOW = 1_795_000_000;

function headOf(digest: string, iat = NOW): VerifiedHead {
  const numbers = { epoch: 1, seq: 1, round: 1, iat, exp: iat + 60 };
  return { digest, payload: { ...numbers, prev: '', docs_root: '', suspended: [] } };
}

/** When a head that never comes to anything is tried, in seconds since the first time, by a gate that asks every second. */
function attempts(backOff: BackOff, head: VerifiedHead, from: number, seconds: number): readonly number[] {
  const tried: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    if (backOff.isWaiting(head, from + second)) continue;
    backOff.begin(head, from + second);
    tried.push(second);
  }
  return tried;
}

describe('attempts at the documents of a head', () => {
  it('are twice as far apart each time, up to a quarter of an hour, however often the gate is woken', () => {
    const expected = [0, 15, 45, 105, 225, 465, 945, 1_845, 2_745, 3_645];
    expect(attempts(new BackOff(), headOf('a'), NOW, 4_000)).toEqual(expected);
  });

  it('begin anew with a later head, and after a success', () => {
    const backOff = new BackOff();
    attempts(backOff, headOf('a'), NOW, 4_000);
    expect(attempts(backOff, headOf('b', NOW + 1), NOW + 4_000, 20)).toEqual([0, 15]);
    backOff.succeeded();
    expect(attempts(backOff, headOf('b', NOW + 1), NOW + 4_020, 20)).toEqual([0, 15]);
  });

  it('are no more for a mirror that plays old heads in turn', () => {
    const backOff = new BackOff();
    const heads = [headOf('a'), headOf('b', NOW + 1), headOf('c', NOW + 2)];
    let tried = 0;
    for (let second = 0; second < 900; second += 1)
      tried += attempts(backOff, heads[second % 3]!, NOW + second, 1).length;
    expect(tried).toBe(2 + attempts(new BackOff(), headOf('c'), NOW, 898).length);
  });

  it('do not wait for a clock that was set back', () => {
    const backOff = new BackOff();
    attempts(backOff, headOf('a'), NOW, 4_000);
    expect(backOff.isWaiting(headOf('a'), NOW + 3_646)).toBe(true);
    expect(backOff.isWaiting(headOf('a'), NOW + 3_644)).toBe(false);
  });
});
