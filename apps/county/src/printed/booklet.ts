import { csv } from './csv.js';
import { type Html, html } from './html.js';
import { page } from './page.js';
import { type Printed, printedTime } from './printed-by.js';
import { chunks } from './chunks.js';

/** One movement of a wallet; what was earned or taken back, spent or given back. */
export interface BookletLine {
  /** The day it was booked, `YYYY-MM-DD`. */
  readonly on: string;
  readonly what: string;
  /** What it adds to the balance, in points; negative where it takes away. */
  readonly points: number;
  /** Afterwards. */
  readonly balance: number;
  /** The account that booked it. */
  readonly by: string;
}

/** 兑换本: everything that moved one subject's wallet under one scheme, and what is left. */
export interface Booklet {
  readonly scheme: string;
  readonly place: string;
  /** As it may hang in the open. */
  readonly name: string;
  readonly handle: string;
  readonly lines: readonly BookletLine[];
  readonly balance: number;
  /** Open in the shortage register. */
  readonly shortage: number;
  readonly printed: Printed;
}

const LINES_PER_SHEET = 20;

/** A4 portrait. */
export function bookletPage(booklet: Booklet): string {
  const parts = chunks(booklet.lines, LINES_PER_SHEET);
  const sheets = parts.map((lines, at) => sheet(booklet, lines, [at + 1, parts.length]));
  return page(`兑换本 ${booklet.handle}`, sheets);
}

export function bookletCsv({ lines }: Booklet): string {
  return csv([
    ['日期', '事项', '收入', '支出', '余额', '经办'],
    ...lines.map(({ on, what, points, balance, by }) => [
      on,
      what,
      points > 0 ? points : null,
      points < 0 ? -points : null,
      balance,
      by,
    ]),
  ]);
}

function sheet(booklet: Booklet, lines: readonly BookletLine[], [number, of]: readonly [number, number]): Html {
  const { scheme, place, name, handle, balance, shortage, printed } = booklet;
  const short = shortage === 0 ? '' : html` 　欠分 <b>${shortage}</b> 分`;
  return html`<section class="sheet">
    <h1>积分兑换本</h1>
    <h2>${place}　${scheme}</h2>
    <p class="facts">
      <span>账户：<b>${name}</b>　编号：<b>${handle}</b></span
      ><span>余额 <b>${balance}</b> 分${short}</span>
    </p>
    <table>
      <thead>
        <tr>
          <th class="day">日期</th>
          <th>事项</th>
          <th class="points">收入</th>
          <th class="points">支出</th>
          <th class="points">余额</th>
          <th class="by">经办</th>
        </tr>
      </thead>
      <tbody>
        ${lines.map(row)}
      </tbody>
    </table>
    <p class="foot">
      <span>打印：${printed.by}　${printedTime(printed.at)}</span><span>有疑问请找积分管理员核对。</span
      ><span>第 ${number} 页　共 ${of} 页</span>
    </p>
  </section>`;
}

function row({ on, what, points, balance, by }: BookletLine): Html {
  const [earned, spent] = points > 0 ? [points, ''] : ['', points === 0 ? '' : -points];
  return html`<tr>
    <td class="small">${on}</td>
    <td class="text"><span class="clip">${what}</span></td>
    <td class="number">${earned}</td>
    <td class="number">${spent}</td>
    <td class="number">${balance}</td>
    <td><span class="clip">${by}</span></td>
  </tr> `;
}
