import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isListed } from './is-listed.js';

describe('a list of a signed document', () => {
  it('names what it includes and nothing else, short or long, asked once or again', () => {
    const entry = fc.string({ maxLength: 2 });
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 80, size: 'max' }),
        fc.array(entry, { maxLength: 20 }),
        (list, asked) => {
          for (const each of [...asked, ...list.slice(0, 3), ...asked])
            expect(isListed(list, each)).toBe(list.includes(each));
        },
      ),
    );
  });

  it('is not gone through from the beginning at every visit', () => {
    let reads = 0;
    const list = new Proxy(
      Array.from({ length: 3_000 }, (_, index) => `https://county-${index}.example`),
      { get: (target, name) => ((reads += 1), Reflect.get(target, name) as unknown) },
    );
    for (let visit = 0; visit < 100; visit += 1) expect(isListed(list, 'https://county-2999.example')).toBe(true);
    expect(reads).toBeLessThan(2 * list.length + 1_000);
  });
});
