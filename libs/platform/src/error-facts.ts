/** A text property of anything thrown, e.g. the `code` of a system error. No `instanceof`: errors cross realms. */
export function textOf(
  thrown: unknown,
  name: 'code' | 'name' | 'message' | 'stack' | 'table' | 'constraint',
): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !(name in thrown)) return undefined;
  const value: unknown = Reflect.get(thrown, name);
  return typeof value === 'string' ? value : undefined;
}
