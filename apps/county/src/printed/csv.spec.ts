import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csv } from './csv.js';

const lines = (text: string): readonly string[] => text.split('\r\n');

describe('a CSV file', () => {
  it('begins with a byte order mark, ends every line with CRLF, and quotes what RFC 4180 asks to (§2)', () => {
    expect(
      csv([
        ['姓名', 3],
        ['a,b', 'say "hi"'],
        ['two\r\nlines', null],
      ]),
    ).toBe('\uFEFF姓名,3\r\n"a,b","say ""hi"""\r\n"two\r\nlines",\r\n');
    expect(csv([])).toBe('\uFEFF');
  });

  it.each(['=1+1', '+86', '-5', '@SUM(A1)', '\t=1', '＝1', '－1', '＋1', '＠a'])('defuses the text %j', (text) => {
    expect(lines(csv([[text]]))[0]).toBe(`\uFEFF'${text}`);
  });

  it('defuses what begins with a line break, and quotes it', () => {
    expect(csv([['\r=1', '\n=1', '=1,2']])).toBe('\uFEFF"\'\r=1","\'\n=1","\'=1,2"\r\n');
  });

  it('leaves a number a number, and what has a sign further on alone', () => {
    expect(csv([[-5, 0, 'a=1', '1-2', "'s"]])).toBe("\uFEFF-5,0,a=1,1-2,'s\r\n");
  });

  it('is read back by a reader of RFC 4180, whatever stands in it', () => {
    const texts = fc.array(
      fc.array(fc.string({ unit: fc.constantFrom('a', '中', '=', '-', '"', ',', '\r', '\n', '\t', ' ') }), {
        minLength: 1,
      }),
    );
    const table = fc
      .tuple(texts, fc.integer({ min: 1, max: 4 }))
      .map(([rows, width]) => rows.map((row) => Array.from({ length: width }, (_, at) => row[at] ?? '')));
    fc.assert(
      fc.property(table, (rows) => {
        const read = readCsv(csv(rows).slice(1));
        expect(read.map((row) => row.map((text) => text.replace(/^'(?=[=\-\t\r\n])/, '')))).toEqual(rows);
      }),
    );
  });
});

/** RFC 4180 §2, character by character. */
function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let value = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (isQuoted && character === '"' && text[at + 1] === '"') value += text[(at += 1)];
    else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) value += character;
    else if (character === ',') value = (row.push(value), '');
    else if (character === '\r' && text[at + 1] === '\n') {
      rows.push([...row, value]);
      [row, value, at] = [[], '', at + 1];
    } else value += character;
  }
  return rows;
}
