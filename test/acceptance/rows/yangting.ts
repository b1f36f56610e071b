/** [000] The seven demonstration villages of Yangting, of which it names two. */
export const VILLAGES = ['nanjiao', 'beishangkuang', 'demo-3', 'demo-4', 'demo-5', 'demo-6', 'demo-7'] as const;

export const TOWN = 'cn-371002101-wujin';

export function schemeOf(village: (typeof VILLAGES)[number]): string {
  return `cn-371002101-${village}`;
}

export function placeOf(village: (typeof VILLAGES)[number]): string {
  return `371002101-${village}`;
}
