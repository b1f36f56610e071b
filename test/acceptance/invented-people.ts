const SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'.split('');
const GIVEN = '安宁平和顺庆春夏秋冬晨晓明亮文武山川江海松柏竹梅兰菊荷桂'.split('');

/** Invented names, the same for the same seed. */
export function inventedNames(seed: number): () => string {
  let state = seed;
  const next = (most: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    return (state >> 8) % most;
  };
  const one = (from: readonly string[]): string => from[next(from.length)] ?? '';
  return () => `${one(SURNAMES)}${one(GIVEN)}${one(GIVEN)}`;
}
