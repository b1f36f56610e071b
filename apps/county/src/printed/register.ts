import { chunks } from './chunks.js';
import { csv } from './csv.js';
import { type Html, html } from './html.js';
import { page } from './page.js';
import { type Printed, printedDay, printedTime } from './printed-by.js';

/** One item handed out or taken back. */
export interface RegisterLine {
  /** The day it was booked, `YYYY-MM-DD`. */
  readonly on: string;
  /** As it may hang in the open. */
  readonly name: string;
  readonly handle: string;
  readonly item: string;
  /** Pieces; negative for a return. */
  readonly n: number;
  /** Points for all of them; negative for a return. */
  readonly points: number;
  /** Who collected for the subject, as it may hang in the open. */
  readonly collectedBy: string | null;
  /** Line of a paper list that was entered later. */
  readonly paperLine: number | null;
  /** The account that booked it. */
  readonly by: string;
}

/** 登记簿: what was exchanged under one scheme in a span of days, both included. */
export interface Register {
  readonly scheme: string;
  readonly place: string;
  readonly from: string;
  readonly to: string;
  readonly lines: readonly RegisterLine[];
  readonly people: number;
  readonly points: number;
  readonly items: number;
  readonly printed: Printed;
}

const LINES_PER_SHEET = 20;

/** A4 portrait, with the sum on the last sheet. */
export function registerPage(register: Register): string {
  const parts = chunks(register.lines, LINES_PER_SHEET);
  const sheets = parts.map((lines, at) => sheet(register, lines, [at + 1, parts.length]));
  return page(`兑换登记簿 ${register.from} ${register.to}`, sheets);
}

export function registerCsv({ lines }: Register): string {
  return csv([
    ['日期', '姓名', '编号', '物品', '件数', '分值', '代领人', '纸质行号', '经办'],
    ...lines.map(({ on, name, handle, item, n, points, collectedBy, paperLine, by }) => [
      on,
      name,
      handle,
      item,
      n,
      points,
      collectedBy,
      paperLine,
      by,
    ]),
  ]);
}

function sheet(register: Register, lines: readonly RegisterLine[], [number, of]: readonly [number, number]): Html {
  const { scheme, place, from, to, people, points, items, printed } = register;
  const sum = html`<tr class="sum">
    <td colspan="3">合计　${people} 人</td>
    <td class="number">${items}</td>
    <td class="number">${points}</td>
    <td colspan="3"></td>
  </tr>`;
  return html`<section class="sheet">
    <h1>积分兑换登记簿</h1>
    <h2>${place}　${scheme}</h2>
    <p class="facts"><span>${printedDay(from)}至${printedDay(to)}</span><span>第 ${number} 页　共 ${of} 页</span></p>
    <table>
      <thead>
        <tr>
          <th class="day">日期</th>
          <th class="name">姓名<br />编号</th>
          <th>物品</th>
          <th class="points">件数</th>
          <th class="points">分值</th>
          <th class="name">代领人</th>
          <th class="points">纸质<br />行号</th>
          <th class="by">经办</th>
        </tr>
      </thead>
      <tbody>
        ${lines.map(row)}${number === of ? sum : ''}
      </tbody>
    </table>
    <p class="foot">
      <span>打印：${printed.by}　${printedTime(printed.at)}</span
      ><span>登记人：＿＿＿＿＿＿　核对人：＿＿＿＿＿＿</span>
    </p>
  </section>`;
}

function row({ on, name, handle, item, n, points, collectedBy, paperLine, by }: RegisterLine): Html {
  return html`<tr>
    <td class="small">${on}</td>
    <td>
      <span class="clip">${name}<br />${handle}</span>
    </td>
    <td class="text"><span class="clip">${item}</span></td>
    <td class="number">${n}</td>
    <td class="number">${points}</td>
    <td><span class="clip">${collectedBy ?? ''}</span></td>
    <td>${paperLine ?? ''}</td>
    <td><span class="clip">${by}</span></td>
  </tr> `;
}
