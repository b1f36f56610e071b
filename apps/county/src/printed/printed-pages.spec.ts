import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Booklet, bookletCsv, bookletPage as bookletMarkup } from './booklet.js';
import { html } from './html.js';
import { page, PAGE_POLICY } from './page.js';
import { type PickList, pickListCsv, pickListPage as pickListMarkup } from './pick-list.js';
import { printedPeriod, printedTime } from './printed-by.js';
import { type Board, boardPage as boardMarkup, pyramid } from './board.js';
import { printedName } from './printed-name.js';
import { type Register, registerCsv, registerPage as registerMarkup } from './register.js';

const printed = { by: '赵小雨', at: Date.parse('2023-06-26T17:05:59+08:00') / 1000 };
const SCRIPT = '<script>alert("1")</script>';
const count = (text: string, part: string): number => text.split(part).length - 1;
const csvLines = (text: string): readonly string[] => text.slice(1).trimEnd().split('\r\n');

/** Without the line breaks of the templates between tags. */
const dense = (text: string): string => text.replaceAll(/>\s+</g, '><');
const pickListPage = (shown: PickList): string => dense(pickListMarkup(shown));
const bookletPage = (shown: Booklet): string => dense(bookletMarkup(shown));
const registerPage = (shown: Register): string => dense(registerMarkup(shown));

const list = (people: number, items: number, more: Partial<PickList> = {}): PickList => ({
  scheme: '颐和社区信用超市',
  title: '第二季度兑换日',
  on: '2023-06-27',
  isSettled: true,
  items: Array.from({ length: items }, (_, at) => ({ label: `商品${at + 1}`, price: 10 + at })),
  people: Array.from({ length: people }, (_, at) => ({ name: '王*明', handle: `p-${at + 1}`, balance: 40 + at })),
  hasProxy: false,
  printed,
  ...more,
});

describe('markup', () => {
  it('takes whatever is put into it for text, in content and in attributes', () => {
    const name = `<b a='1'>&"`;
    expect(html`<td title="${name}">${name}${[html`<i>${1}</i>`, '<']}</td>`.text).toBe(
      '<td title="&lt;b a=&#39;1&#39;&gt;&amp;&quot;">&lt;b a=&#39;1&#39;&gt;&amp;&quot;<i>1</i>&lt;</td>',
    );
  });

  it('is a page whose policy allows its own style and nothing else', () => {
    const text = page('题', [html`<section class="sheet"></section>`]);
    const style = /<style>([^]*)<\/style>/.exec(text)?.[1] ?? '';
    const digest = createHash('sha256').update(style).digest('base64');
    expect(PAGE_POLICY.split('; ')).toEqual([
      "default-src 'none'",
      `style-src 'sha256-${digest}'`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(text).not.toMatch(/<script|style=|https?:/);
    expect(text).toContain('<html lang="zh-CN">');
  });
});

describe('a name that hangs in the open', () => {
  it.each([
    ['person', '王小明', null, '王*明'],
    ['household', '王家', '12号', '12号'],
    ['household', '王小明家', null, '王*家'],
    ['building', '3号楼', '3', '3号楼'],
    ['enterprise', '海韵物业', null, '海韵物业'],
  ] as const)('of a %s', (kind, name, doorNumber, shown) => {
    expect(printedName({ kind, name, doorNumber })).toBe(shown);
  });
});

describe('a pick list', () => {
  it('has ten lines on a sheet, blank ones at the end, and says scheme, day, page, who and when on each', () => {
    const text = pickListPage(list(13, 4));
    expect(count(text, '<section class="sheet wide">')).toBe(2);
    expect(count(text, '<tr><td')).toBe(20);
    for (const part of ['颐和社区信用超市', '2023年6月27日', '赵小雨', '2023-06-26 17:05', '共 2 页'])
      expect(count(text, part)).toBe(2);
    expect([count(text, '第 1 页'), count(text, '第 2 页'), count(text, 'p-13<')]).toEqual([1, 1, 1]);
    expect(count(text, '未核算')).toBe(0);
    expect(count(pickListPage(list(13, 4, { isSettled: false })), '（余额未核算）')).toBe(2);
    // Six names leave four lines, too few.
    expect(count(pickListPage(list(6, 4)), '<tr><td')).toBe(20);
    expect(count(pickListPage(list(5, 4)), '<tr><td')).toBe(10);
  });

  it('goes on with the same lines on further sheets where the items do not fit side by side', () => {
    const text = pickListPage(list(3, 11));
    expect([count(text, '共 2 页'), count(text, 'p-3<'), count(text, '商品11<')]).toEqual([2, 2, 1]);
    expect(text.indexOf('商品6<')).toBeLessThan(text.indexOf('第 2 页'));
    expect(text.indexOf('商品7<')).toBeGreaterThan(text.indexOf('第 2 页'));
    expect([count(text, '商品 1—6／11'), count(text, '商品 7—11／11')]).toEqual([1, 1]);
    expect(count(pickListPage(list(3, 9)), '／')).toBe(0);
    expect(count(pickListPage(list(3, 0)), '<section')).toBe(1);
  });

  it('has a column for each item with its price, for the signature, and for who collects where that is allowed', () => {
    expect(count(pickListPage(list(1, 4)), '代领人</th>')).toBe(0);
    const text = pickListPage(list(1, 4, { hasProxy: true }));
    expect([count(text, '代领人</th>'), count(text, '签字</th>')]).toEqual([1, 1]);
    expect(text).toContain('商品4</span><span class="price">13分</span>');
    // Nine of the ten lines have no name either.
    expect(count(text, '<td></td>')).toBe((4 + 2) * 10 + 9);
  });

  it('shows what looks like markup as it is', () => {
    const people = [{ name: SCRIPT, handle: 'p-1', balance: 5 }];
    const text = pickListPage(list(0, 0, { people, title: SCRIPT, items: [{ label: SCRIPT, price: 1 }] }));
    expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    expect(text).not.toContain('<script');
  });

  it('is the same as CSV', () => {
    const people = [{ name: '=王', handle: 'p-1', balance: 41 }];
    const lines = csvLines(pickListCsv(list(0, 2, { people, hasProxy: true })));
    expect(lines.slice(0, 3)).toEqual([
      '行号,姓名,编号,余额,商品1（10分）,商品2（11分）,签字,代领人',
      "1,'=王,p-1,41,,,,",
      '2,,,,,,,',
    ]);
    expect(lines).toHaveLength(11);
  });
});

describe('a booklet', () => {
  const booklet = (lines: Booklet['lines']): Booklet => ({
    scheme: '美丽账户',
    place: '金卫村',
    name: '12号',
    handle: 'h-12',
    lines,
    balance: 7,
    shortage: 0,
    printed,
  });
  const earned = { on: '2023-05-01', what: '打扫庭院', points: 10, balance: 10, by: 'grid-1' };
  const spent = { on: '2023-06-01', what: `兑换 ${SCRIPT}`, points: -3, balance: 7, by: '-shop' };

  it('has what came in and what went out in columns of their own, with the balance after each', () => {
    expect(csvLines(bookletCsv(booklet([earned, spent])))).toEqual([
      '日期,事项,收入,支出,余额,经办',
      '2023-05-01,打扫庭院,10,,10,grid-1',
      '2023-06-01,"兑换 <script>alert(""1"")</script>",,3,7,\'-shop',
    ]);
    const text = bookletPage(booklet([earned, spent]));
    expect(text).toContain('<td class="number">10</td><td class="number"></td><td class="number">10</td>');
    expect(text).toContain('<td class="number"></td><td class="number">3</td><td class="number">7</td>');
    expect(text).not.toContain('<script');
    expect(text).not.toContain('欠分');
  });

  it('says what is open in the shortage register, and is whole without a single line', () => {
    expect(bookletPage({ ...booklet([earned]), balance: 0, shortage: 4 })).toContain('欠分 <b>4</b> 分');
    expect(bookletPage(booklet([]))).toContain('第 1 页　共 1 页');
    expect(bookletPage(booklet(Array.from({ length: 21 }, () => earned)))).toContain('第 2 页　共 2 页');
  });
});

describe('a register', () => {
  const line = {
    on: '2023-06-27',
    name: '王*明',
    handle: 'p-1',
    item: '洗衣液',
    n: 2,
    points: 30,
    collectedBy: null,
    paperLine: null,
    by: 'shop-1',
  };
  const register = (lines: Register['lines']): Register => ({
    scheme: '颐和社区信用超市',
    place: '颐和社区',
    from: '2023-04-01',
    to: '2023-06-30',
    lines,
    people: 13,
    points: 402,
    items: 34,
    printed,
  });

  it('lists what was handed out and taken back, and sums it up on the last sheet', () => {
    const back = { ...line, n: -1, points: -15, collectedBy: '李*', paperLine: 7 };
    expect(csvLines(registerCsv(register([line, back])))).toEqual([
      '日期,姓名,编号,物品,件数,分值,代领人,纸质行号,经办',
      '2023-06-27,王*明,p-1,洗衣液,2,30,,,shop-1',
      '2023-06-27,王*明,p-1,洗衣液,-1,-15,李*,7,shop-1',
    ]);
    const text = registerPage(register(Array.from({ length: 21 }, () => ({ ...line, item: SCRIPT }))));
    expect([count(text, '合计　13 人'), count(text, '共 2 页'), count(text, '<script')]).toEqual([1, 2, 0]);
    expect(text.indexOf('合计')).toBeGreaterThan(text.indexOf('第 2 页'));
  });
});

it('a time is printed as it was in Shanghai, to the minute', () => {
  expect(printedTime(Date.parse('2023-06-26T23:59:59Z') / 1000)).toBe('2023-06-27 07:59');
});

describe('a board', () => {
  const lines = (n: number): Board['lists'][number]['lines'] =>
    Array.from({ length: n }, (_, at) => ({ rank: at + 1, who: `${at + 1}号`, value: String(n - at) }));
  const board = (surface: Board['surface'], ...sizes: readonly number[]): string =>
    dense(
      boardMarkup({
        surface,
        scheme: SCRIPT,
        place: '南郊村',
        period: '2026-Q3',
        lists: sizes.map((n, at) => ({ title: `榜${at}`, lines: lines(n) })),
        until: '2026-12-01',
        printed,
      }),
    );

  it('is a pyramid: one on top, every row one wider, up to six', () => {
    expect(pyramid(lines(24)).map((row) => row.map(({ rank }) => rank))).toEqual([
      [1],
      [2, 3],
      [4, 5, 6],
      [7, 8, 9, 10],
      [11, 12, 13, 14, 15],
      [16, 17, 18, 19, 20, 21],
      [22, 23, 24],
    ]);
    expect(pyramid([])).toEqual([]);
    expect(count(board('pyramid', 51), '<section')).toBe(1);
    expect(count(board('pyramid', 52), '<section')).toBe(2);
  });

  it('has forty lines a sheet, and a sheet for each list', () => {
    const text = board('honour', 40, 41);
    expect(count(text, '<section')).toBe(3);
    expect(text).toContain('第 3 页　共 3 页');
    expect(text).toContain('公示至 2026-12-01');
    expect(text).toContain('2026年第3季度');
    expect(text).not.toContain('<script');
    expect(count(board('board', 0), '<section')).toBe(1);
  });

  it('names periods as people do', () => {
    expect(['2026', '2026-Q2', '2026-06', '2026-06-30'].map(printedPeriod)).toEqual([
      '2026年',
      '2026年第2季度',
      '2026年6月',
      '2026年6月30日',
    ]);
  });
});
