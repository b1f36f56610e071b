/**
 * Whether all text in a JSON value, member names included, can be stored and signed: no U+0000, which PostgreSQL's text does
 * not take, and no lone surrogate, which has no UTF-8 form (RFC 3629 §3). Goes as deep as the value without a stack.
 */
export function isStorableText(value: unknown): boolean {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === 'string') {
      if (next.includes('\0') || !next.isWellFormed()) return false;
    } else if (typeof next === 'object' && next !== null) {
      for (const [name, member] of Object.entries(next)) left.push(name, member);
    }
  }
  return true;
}
