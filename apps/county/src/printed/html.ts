/** Markup in which every text has been escaped: only `html` makes it. */
export class Html {
  /** @param text markup, escaped already */
  constructor(readonly text: string) {}
}

type Piece = Html | string | number | readonly Piece[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup as it is written; whatever is put into it is text, escaped for content and for quoted attributes alike. */
export function html(markup: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(markup.reduce((before, after, at) => before + textOf(pieces[at - 1] ?? '') + after));
}

function textOf(piece: Piece): string {
  if (piece instanceof Html) return piece.text;
  if (typeof piece === 'string') return piece.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
  return typeof piece === 'number' ? String(piece) : piece.map(textOf).join('');
}
