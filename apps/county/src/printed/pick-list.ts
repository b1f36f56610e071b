import { chunks } from './chunks.js';
import { csv } from './csv.js';
import { type Html, html } from './html.js';
import { page } from './page.js';
import { type Printed, printedDay, printedTime } from './printed-by.js';

interface PickListItem {
  readonly label: string;
  /** Points for one piece. */
  readonly price: number;
}

interface PickListPerson {
  /** As it may hang in the open. */
  readonly name: string;
  readonly handle: string;
  readonly balance: number;
}

/** What a shopkeeper needs on paper for a redemption day without network. */
export interface PickList {
  readonly scheme: string;
  readonly title: string;
  /** `YYYY-MM-DD`. */
  readonly on: string;
  /** Whether the balances were found right (核算) before it was printed. */
  readonly isSettled: boolean;
  readonly items: readonly PickListItem[];
  readonly people: readonly PickListPerson[];
  /** Whether others may collect for a subject (代领). */
  readonly hasProxy: boolean;
  readonly printed: Printed;
}

/** What stands side by side on a sheet, of all that is sold. */
interface ItemGroup {
  readonly items: readonly PickListItem[];
  readonly first: number;
  readonly of: number;
}

/** A line of the list: its number is what the evening's entry names it by. Without a person it is to be filled in by hand. */
type Line = readonly [number: number, person: PickListPerson | undefined];

const LINES_PER_SHEET = 10;
/** For those who come without standing on the list; the last sheet is filled up besides. */
const BLANK_LINES = 5;
const ITEMS_PER_SHEET = 9;

/** A4 landscape. Items that do not fit side by side go on with the same lines on further sheets. */
export function pickListPage(list: PickList): string {
  const byItems = sideBySide(list.items);
  const sheets = chunks(linesOf(list), LINES_PER_SHEET).flatMap((lines) => byItems.map((group) => ({ lines, group })));
  const at = sheets.map(({ lines, group }, number) => sheet(list, lines, group, [number + 1, sheets.length]));
  return page(`${list.title} ${list.on} 兑换签领单`, at);
}

/** The same lines, one column for each item. */
export function pickListCsv(list: PickList): string {
  const items = list.items.map(({ label, price }) => `${label}（${price}分）`);
  const last = list.hasProxy ? ['签字', '代领人'] : ['签字'];
  return csv([
    ['行号', '姓名', '编号', '余额', ...items, ...last],
    ...linesOf(list).map(([number, person]) => [
      number,
      ...(person === undefined ? [null, null, null] : [person.name, person.handle, person.balance]),
      ...[...items, ...last].map(() => null),
    ]),
  ]);
}

/** Groups of about the same size, with the place of the first. */
function sideBySide(items: readonly PickListItem[]): readonly ItemGroup[] {
  const size = Math.ceil(items.length / Math.max(1, Math.ceil(items.length / ITEMS_PER_SHEET)));
  return chunks(items, Math.max(1, size)).map((group, at) => ({
    items: group,
    first: at * size + 1,
    of: items.length,
  }));
}

function linesOf({ people }: PickList): readonly Line[] {
  const count = Math.ceil((people.length + BLANK_LINES) / LINES_PER_SHEET) * LINES_PER_SHEET;
  return Array.from({ length: count }, (_, at) => [at + 1, people[at]]);
}

function sheet(
  list: PickList,
  lines: readonly Line[],
  group: ItemGroup,
  [number, of]: readonly [number, number],
): Html {
  const { scheme, title, on, isSettled, people, hasProxy, printed } = list;
  const { items, first } = group;
  const some = items.length === group.of ? '' : `　商品 ${first}—${first + items.length - 1}／${group.of}`;
  return html`<section class="sheet wide">
    <h1>${title}</h1>
    <h2>${scheme}　兑换签领单</h2>
    <p class="facts">
      <span>兑换日：${printedDay(on)}　名单 ${people.length} 人${some}${isSettled ? '' : '　（余额未核算）'}</span
      ><span>打印：${printed.by}　${printedTime(printed.at)}</span><span>第 ${number} 页　共 ${of} 页</span>
    </p>
    <table>
      <thead>
        <tr>
          <th class="line">行号</th>
          <th class="name">姓名</th>
          <th class="handle">编号</th>
          <th class="balance">余额<span class="price">分</span></th>
          ${items.map(
            ({ label, price }) =>
              html`<th class="item"><span class="upright">${label}</span><span class="price">${price}分</span></th>`,
          )}
          <th class="sign">签字</th>
          ${hasProxy ? html`<th class="proxy">代领人</th>` : ''}
        </tr>
      </thead>
      <tbody>
        ${lines.map(([line, person]) => row(line, person, items.length + (hasProxy ? 2 : 1)))}
      </tbody>
    </table>
    <p class="foot">
      <span>在商品栏写件数，当面签字后发货；代领的由代领人签名。</span><span>晚上按行号逐笔录入。</span>
    </p>
  </section>`;
}

function row(line: number, person: PickListPerson | undefined, blanks: number): Html {
  const { name = '', handle = '', balance = '' } = person ?? {};
  const rest = Array.from({ length: blanks }, () => html`<td></td>`);
  return html`<tr>
    <td class="small">${line}</td>
    <td>${name}</td>
    <td class="small">${handle}</td>
    <td class="number">${balance}</td>
    ${rest}
  </tr> `;
}
