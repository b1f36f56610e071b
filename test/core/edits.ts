import fc from 'fast-check';

const KINDS = ['change', 'delete', 'insert', 'duplicate', 'swap'] as const;
const LETTERS = ['A', 'Q', 'g', 'w', '_', '-', '0', '9'];

/** The text with one small change at one place: another byte, one less, one more, the same again, two neighbours swapped. */
function edit(text: string, at: number, kind: (typeof KINDS)[number], byte: string): string {
  const [before, here, after] = [text.slice(0, at), text.slice(at, at + 1), text.slice(at + 1)];
  switch (kind) {
    case 'change':
      return before + byte + after;
    case 'delete':
      return before + after;
    case 'insert':
      return before + byte + here + after;
    case 'duplicate':
      return before + here + here + after;
    case 'swap':
      return before + after.slice(0, 1) + here + after.slice(1);
    default:
      return kind satisfies never;
  }
}

/** Any one edit of a text that changes it: any byte, but often one that keeps base64url what it is. */
export function anyEdit(text: string): fc.Arbitrary<string> {
  const byte = fc.oneof(
    fc.constantFrom(...LETTERS),
    fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  );
  return fc
    .tuple(fc.nat({ max: text.length - 1 }), fc.constantFrom(...KINDS), byte)
    .map(([at, kind, letter]) => edit(text, at, kind, letter))
    .filter((edited) => edited !== text);
}

/** Any one edit of the bytes inside one of the base64url parts of a text, the part encoded anew. */
export function anyEditInside(text: string): fc.Arbitrary<string> {
  const pieces = text.split(/([.~])/);
  const insides = pieces.map((piece) => Buffer.from(piece, 'base64url').toString('latin1'));
  // Separators stand at the odd places, and a part may hold no byte at all.
  const parts = [...insides.keys()].filter((index) => index % 2 === 0 && insides[index] !== '');
  return fc
    .constantFrom(...parts)
    .chain((index) =>
      anyEdit(insides[index] ?? '').map((edited) =>
        pieces.with(index, Buffer.from(edited, 'latin1').toString('base64url')).join(''),
      ),
    );
}

/** Another letter at every single place of a text, one after the other. */
export function everyPlaceChanged(text: string): readonly string[] {
  return Array.from(text, (letter, at) => edit(text, at, 'change', letter === 'A' ? 'B' : 'A'));
}
