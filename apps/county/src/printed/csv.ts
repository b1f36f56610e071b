/** A text or a number; `null` leaves the cell empty. */
type Cell = string | number | null;

/**
 * A table as CSV (RFC 4180) for spreadsheets: UTF-8 with a byte order mark, or Chinese comes out garbled, and lines that end
 * with CRLF. A text that a spreadsheet would take for a formula begins with an apostrophe; a number stays a number.
 */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}

/** The signs that begin a formula, also full-width as Chinese input methods write them, and what spreadsheets skip before one. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/;

function cell(value: Cell): string {
  if (typeof value === 'number') return String(value);
  const text = value === null || !FORMULA.test(value) ? (value ?? '') : `'${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
