import { describe, expect, it } from '@jest/globals';
import { isNewerList, orderStatusLists, type HeldStatusList } from './order-status-lists.js';

const held: HeldStatusList = { uri: 'https://rongcheng.example/status/1', iat: 1_795_000_000, digest: 'one' };

describe('the order of lists of one uri (design §4.3)', () => {
  it('takes the first list and every list of a higher iat', () => {
    expect(isNewerList(held, undefined)).toBe(true);
    expect(isNewerList({ ...held, iat: held.iat + 1, digest: 'two' }, held)).toBe(true);
  });

  it('refuses a lower iat', () => {
    expect(orderStatusLists({ ...held, iat: held.iat - 1 }, held)).toBe('older');
    expect(isNewerList({ ...held, iat: held.iat - 1 }, held)).toBe(false);
  });

  it('refuses other content under the same iat, and knows the same list again', () => {
    expect(orderStatusLists({ ...held, digest: 'two' }, held)).toBe('conflicting');
    expect(orderStatusLists({ ...held }, held)).toBe('same');
    expect([isNewerList({ ...held, digest: 'two' }, held), isNewerList({ ...held }, held)]).toEqual([false, false]);
  });

  it('does not compare lists of different uris', () => {
    expect(() => isNewerList({ ...held, uri: `${held.uri}0` }, held)).toThrow(TypeError);
  });
});
