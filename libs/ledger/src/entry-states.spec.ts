import { describe, expect, it } from '@jest/globals';
import type { EntryState } from '#libs/scheme';
import { ENTRY_MOVES, type EntryAct, entryCounts, nextState } from './index.js';

const walk = (...acts: readonly EntryAct[]): EntryState | 'ENTRY_STATE_OTHER' | null => {
  let state: EntryState | null = null;
  for (const act of acts) {
    const next = nextState(state, act);
    if (!next.ok) return next.fault;
    state = next.value;
  }
  return state;
};

describe('the states of an entry (domain 3.1)', () => {
  it.each<readonly [EntryState | 'ENTRY_STATE_OTHER', ...EntryAct[]]>([
    ['effective', 'declare', 'verify', 'approve', 'publicise', 'take_effect'],
    ['effective', 'declare', 'verify', 'approve', 'approve', 'take_effect'],
    ['rejected', 'declare', 'verify', 'reject'],
    ['upheld', 'declare', 'verify', 'approve', 'publicise', 'contest', 'uphold'],
    ['reversed', 'declare', 'verify', 'approve', 'take_effect', 'contest', 'reverse'],
    ['reversed', 'declare', 'verify', 'approve', 'take_effect', 'correct'],
    ['expired', 'declare', 'verify', 'approve', 'take_effect', 'expire'],
    ['ENTRY_STATE_OTHER', 'declare', 'approve'],
    ['ENTRY_STATE_OTHER', 'declare', 'take_effect'],
    ['ENTRY_STATE_OTHER', 'declare', 'verify', 'approve', 'take_effect', 'reverse'],
    ['ENTRY_STATE_OTHER', 'declare', 'declare'],
    ['ENTRY_STATE_OTHER', 'verify'],
  ])('%s comes of %s %s %s %s %s', (end, ...acts) => {
    expect(walk(...acts)).toBe(end);
  });

  it.each<readonly [EntryState, ...EntryAct[]]>([
    ['declared', 'verify', 'reject'],
    ['verified', 'approve', 'reject', 'publicise', 'take_effect'],
    ['publicised', 'take_effect', 'contest'],
    ['effective', 'contest', 'correct', 'expire'],
    ['contested', 'uphold', 'reverse', 'correct'],
    ['upheld', 'contest', 'correct', 'expire'],
    ['rejected'],
    ['reversed'],
    ['expired'],
  ])('from %s lead on %s %s %s %s, and nothing else', (state, ...onward) => {
    const acts = Object.keys(ENTRY_MOVES) as EntryAct[];
    expect(acts.filter((act) => nextState(state, act).ok)).toEqual(onward);
  });

  it('count as effective and upheld, and never for an entry that takes another back', () => {
    const all: readonly EntryState[] = [
      'declared',
      'verified',
      'publicised',
      'effective',
      'rejected',
      'contested',
      'upheld',
      'reversed',
      'expired',
    ];
    expect(all.filter((state) => entryCounts({ state, isReversal: false }))).toEqual(['effective', 'upheld']);
    expect(all.filter((state) => entryCounts({ state, isReversal: true }))).toEqual([]);
  });
});
