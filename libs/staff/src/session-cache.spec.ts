import { describe, expect, it } from '@jest/globals';
import { fixedClock } from '#libs/testing';
import { type LiveSession, SessionCache } from './session-cache.js';

const NOW = 1_795_000_000;
const session: LiveSession = {
  staff: { id: '1', username: 'lin', displayName: 'Lin', organisation: 'x', grants: [], subject: null },
  expiresAt: NOW + 3,
};

describe('the session cache', () => {
  it('forgets a session after five seconds, at its expiry, and when the clock is set back', () => {
    const clock = fixedClock(NOW);
    const cache = new SessionCache(clock);
    cache.keep('short', session, cache.revision);
    cache.keep('long', { ...session, expiresAt: NOW + 60 }, cache.revision);
    cache.keep('back', { ...session, expiresAt: NOW + 60 }, cache.revision);
    clock.set(NOW + 2);
    expect(cache.find('short')).toMatchObject({ staff: session.staff });
    clock.set(NOW + 3);
    expect(cache.find('short')).toBeUndefined();
    clock.set(NOW + 4);
    expect(cache.find('long')).toMatchObject({ staff: session.staff, expiresAt: NOW + 60 });
    clock.set(NOW + 5);
    expect(cache.find('long')).toBeUndefined();
    clock.set(NOW - 1);
    expect(cache.find('back')).toBeUndefined();
  });

  it('does not keep what was read before a revocation', () => {
    const cache = new SessionCache(fixedClock(NOW));
    const { revision } = cache;
    cache.drop('other');
    cache.keep('token', session, revision);
    expect(cache.find('token')).toBeUndefined();
  });

  it('holds a thousand sessions at most, the newest', () => {
    const cache = new SessionCache(fixedClock(NOW));
    for (let index = 0; index <= 1_000; index += 1) {
      const staff = { ...session.staff, username: `of token ${index}` };
      cache.keep(`token-${index}`, { ...session, staff }, cache.revision);
    }
    expect(cache.find('token-0')).toBeUndefined();
    expect(cache.find('token-1')).toMatchObject({ staff: { username: 'of token 1' } });
    expect(cache.find('token-1000')).toMatchObject({ staff: { username: 'of token 1000' } });
  });
});
