import { createHash } from 'node:crypto';
import { Html, html } from './html.js';

/**
 * One style for all that is printed, A4. Whatever the printer's browser, a sheet is a page: how many lines fit is known here,
 * so the page numbers are too.
 */
const STYLE = `
@page { size: A4 portrait; margin: 12mm }
@page wide { size: A4 landscape; margin: 12mm }
* { box-sizing: border-box }
body { margin: 0; color: #000; font: 12pt/1.35 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", SimHei, sans-serif }
.sheet { width: 186mm; height: 271mm; display: flex; flex-direction: column; overflow: hidden; break-after: page }
.sheet:last-child { break-after: auto }
.sheet.wide { page: wide; width: 273mm; height: 184mm }
h1 { margin: 0; font-size: 22pt; text-align: center; letter-spacing: .06em; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
h2 { margin: 0; font-size: 14pt; font-weight: 500; text-align: center; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
.facts, .foot { display: flex; justify-content: space-between; gap: 6mm; margin: 2mm 0 1.5mm; white-space: nowrap }
.facts > :first-child { overflow: hidden; text-overflow: ellipsis }
.foot { margin: auto 0 0; font-size: 10.5pt }
table { width: 100%; border-collapse: collapse; table-layout: fixed; font-variant-numeric: tabular-nums }
th, td { border: .35mm solid #000; padding: 0 1.2mm; text-align: center; vertical-align: middle; overflow: hidden; overflow-wrap: anywhere }
th { height: 9mm; font-weight: 700; background: #eee; print-color-adjust: exact; -webkit-print-color-adjust: exact }
td { height: 10mm }
td.text { text-align: left }
td.number { text-align: right; padding-right: 2.5mm }
.clip { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; line-height: 1.2; max-height: 9.2mm; font-size: 10.5pt }
.wide td { height: 11mm; font-size: 16pt }
.wide td.small { font-size: 12pt; line-height: 1.1 }
.wide th { position: relative; height: 38mm; padding: 1mm .5mm; line-height: 1.15 }
.wide .item { vertical-align: top }
.line { width: 13mm }
.day { width: 25mm }
.points { width: 17mm }
.by { width: 26mm }
.name { width: 27mm }
.small { font-size: 11pt }
.wide .name { width: 30mm }
.wide .handle { width: 31mm }
.wide .balance { width: 20mm }
.wide .sign { width: 48mm }
.wide .proxy { width: 32mm }
.upright { writing-mode: vertical-rl; display: inline-block; height: 30mm; max-width: 10mm; line-height: 1.05; overflow: hidden }
.price { display: block; font-size: 10pt; white-space: nowrap }
.item .price { position: absolute; left: 0; right: 0; bottom: 1mm }
tr.sum td { font-weight: 700 }
.columns { display: flex; gap: 4mm }
.columns table { flex: 1; width: 0; font-size: 14pt }
.columns td { height: 11.5mm }
.columns .clip { font-size: 14pt; max-height: 11mm; line-height: 1.05 }
.stones { display: flex; justify-content: center; gap: 2mm; margin: 0 0 2mm }
.stone { width: 29mm; height: 18mm; padding: 1.5mm .5mm; border: .5mm solid #000; border-radius: 2mm; text-align: center; font-size: 13pt; line-height: 1.15; display: flex; flex-direction: column; justify-content: center; overflow: hidden; overflow-wrap: anywhere }
.stone b { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; max-height: 11mm; overflow: hidden; font-size: 12pt; line-height: 1.15 }
.stone i { font-style: normal; font-size: 10.5pt }
@media screen {
  body { background: #ddd }
  .sheet { margin: 6mm auto; padding: 8mm; width: 202mm; height: 287mm; background: #fff }
  .sheet.wide { width: 289mm; height: 200mm }
}
`;

/** For an answer that is such a page: what the service allows, and this one style besides; no script, no picture, no form. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A whole document of sheets, each a page of its own; a sheet is a `section` of class `sheet`, or `sheet wide` for landscape. */
export function page(title: string, sheets: readonly Html[]): string {
  const style = new Html(`<style>${STYLE}</style>`);
  return html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        ${style}
      </head>
      <body>
        ${sheets}
      </body>
    </html> `.text;
}
