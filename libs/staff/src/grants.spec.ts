import { describe, expect, it } from '@jest/globals';
import { coveredPlaces, grantsOf, type PlaceTree, rolesAt, staffCovers } from './index.js';

/** county > town > village */
const ORDER = ['village', 'town', 'county'];
const tree: PlaceTree = {
  isWithin: (place, ancestor) => ORDER.includes(place) && ORDER.indexOf(place) <= ORDER.indexOf(ancestor),
};

const clerk = { grants: [...grantsOf(['collector', 'verifier'], 'village'), ...grantsOf(['approver'], 'town')] };
const anywhere = { grants: grantsOf(['auditor']) };

describe('a grant', () => {
  it('covers its place and all that lies in it, and nothing above', () => {
    expect(['village', 'town', 'county', 'elsewhere'].map((place) => staffCovers(clerk, place, tree))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(staffCovers({ grants: [] }, 'village', tree)).toBe(false);
  });

  it('without a place covers everything, also what concerns the whole service, which no place does', () => {
    for (const place of ['village', 'elsewhere', null]) expect(staffCovers(anywhere, place, tree)).toBe(true);
    expect(staffCovers(clerk, null, tree)).toBe(false);
  });

  it('covers only the very place where places lie in nothing', () => {
    expect(['village', 'town', 'county'].map((place) => staffCovers(clerk, place))).toEqual([true, true, false]);
    expect(staffCovers({ grants: grantsOf(['lane'], 'town') }, 'village')).toBe(false);
  });

  it('gives each role at its own place', () => {
    expect(rolesAt(clerk, 'village', tree)).toEqual(['collector', 'verifier', 'approver']);
    expect(rolesAt(clerk, 'town', tree)).toEqual(['approver']);
    expect(rolesAt(clerk, 'county', tree)).toEqual([]);
  });

  it('says for a query where the account may act', () => {
    expect(coveredPlaces(clerk)).toEqual(['village', 'town']);
    expect(coveredPlaces({ grants: [...clerk.grants, ...anywhere.grants] })).toBeUndefined();
    expect(coveredPlaces({ grants: [] })).toEqual([]);
  });
});
