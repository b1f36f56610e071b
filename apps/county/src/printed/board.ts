import { chunks } from './chunks.js';
import { type Html, html } from './html.js';
import { page } from './page.js';
import { type Printed, printedPeriod, printedTime } from './printed-by.js';

/** One who stands on a board. */
export interface BoardLine {
  /** From 1, equals share one; `null` where nothing is ranked. */
  readonly rank: number | null;
  /** As it may hang in the open: a masked name, a door. */
  readonly who: string;
  /** Points or a word; empty where only the standing is shown. */
  readonly value: string;
}

/** What hangs at a village's wall or runs on its screen: one list, or one for each honour. */
export interface Board {
  readonly surface: 'board' | 'pyramid' | 'screen' | 'red_list' | 'black_list' | 'honour';
  readonly scheme: string;
  readonly place: string;
  readonly period: string;
  readonly lists: readonly { readonly title: string; readonly lines: readonly BoardLine[] }[];
  /** The last day it hangs, `YYYY-MM-DD`; `null` for as long as the place likes. */
  readonly until: string | null;
  readonly printed: Printed;
}

const TITLES: Readonly<Record<Board['surface'], string>> = {
  board: '积分公示',
  pyramid: '积分金字塔',
  screen: '一屏公示',
  red_list: '红榜',
  black_list: '整改提示',
  honour: '光荣榜',
};
const LINES_PER_SHEET = 40;
/** Widest row of a pyramid; whoever stands below has a row of this width. */
const WIDEST = 6;
const ROWS_PER_SHEET = 11;

/** A4 portrait, black on white, readable at two metres. */
export function boardPage(board: Board): string {
  const sheets = board.surface === 'pyramid' ? pyramidSheets(board) : listSheets(board);
  return page(`${TITLES[board.surface]} ${board.place}`, sheets);
}

function listSheets(board: Board): readonly Html[] {
  const parts = board.lists.flatMap(({ title, lines }) =>
    chunks(lines, LINES_PER_SHEET).map((part) => ({ title, part })),
  );
  return parts.map(({ title, part }, at) => {
    const [left, right] = [part.slice(0, LINES_PER_SHEET / 2), part.slice(LINES_PER_SHEET / 2)];
    const body = html`<div class="columns">${column(left)}${right.length === 0 ? '' : column(right)}</div>`;
    return sheet(board, title, body, [at + 1, parts.length]);
  });
}

function column(lines: readonly BoardLine[]): Html {
  return html`<table>
    <tbody>
      ${lines.map(
        ({ rank, who, value }) =>
          html`<tr>
            ${rank === null ? '' : html`<td class="line number">${rank}</td>`}
            <td class="text"><span class="clip">${who}</span></td>
            ${value === '' ? '' : html`<td class="day number">${value}</td>`}
          </tr> `,
      )}
    </tbody>
  </table>`;
}

function pyramidSheets(board: Board): readonly Html[] {
  const parts = board.lists.flatMap(({ title, lines }) =>
    chunks(pyramid(lines), ROWS_PER_SHEET).map((rows) => ({ title, rows })),
  );
  return parts.map(({ title, rows }, at) => {
    const stones = rows.map((row) => html`<p class="stones">${row.map(stone)}</p> `);
    return sheet(board, title, html`${stones}`, [at + 1, parts.length]);
  });
}

function stone({ rank, who, value }: BoardLine): Html {
  return html`<span class="stone"
    ><b>${who}</b><span>${value}${rank === null ? '' : html` <i>第${rank}名</i>`}</span></span
  >`;
}

/** The first alone on top, two below, then three: every row one wider, up to the widest. */
export function pyramid<Line>(lines: readonly Line[]): readonly (readonly Line[])[] {
  const rows: (readonly Line[])[] = [];
  for (let at = 0, width = 1; at < lines.length; at += width, width = Math.min(width + 1, WIDEST))
    rows.push(lines.slice(at, at + width));
  return rows;
}

function sheet(board: Board, title: string, body: Html, [number, of]: readonly [number, number]): Html {
  const { surface, scheme, place, period, until, printed } = board;
  return html`<section class="sheet">
    <h1>${TITLES[surface]}${title === '' ? '' : html`：${title}`}</h1>
    <h2>${place}　${scheme}</h2>
    <p class="facts"><span>${printedPeriod(period)}</span><span>第 ${number} 页　共 ${of} 页</span></p>
    ${body}
    <p class="foot">
      <span>打印：${printed.by}　${printedTime(printed.at)}</span
      ><span>${until === null ? '' : `公示至 ${until}　`}有疑问请找积分管理员核对。</span>
    </p>
  </section>`;
}
