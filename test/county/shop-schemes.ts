import type { CatalogueItem, SchemeDocument } from '#libs/scheme';
import type { Ask } from './running-county.js';
import { villageScheme } from './village-scheme.js';

const item = (sku: string, points: number, more: Partial<CatalogueItem> = {}): CatalogueItem => ({
  sku,
  label_zh: `商品 ${sku}`,
  kind: 'goods',
  price_points: points,
  source: 'invented',
  ...more,
});

/** The invented village with a shop: goods that a fund pays for, limits of every span, and a treatment elsewhere. */
export const shopScheme: SchemeDocument = {
  ...villageScheme,
  catalogue: [
    item('soap', 3, { fund: 'village' }),
    item('oil', 8, { fund: 'village', limit: { per: 'month', n: 1 } }),
    item('towel', 1),
    item('pan', 2),
    item('massage', 4, { kind: 'service', provider: 'clinic', limit: { per: 'year', n: 3 } }),
  ],
  funds: [
    { id: 'reserve', label_zh: '储备金', inflows: ['collective', 'sponsor'], source: 'invented' },
    { id: 'village', label_zh: '村基金', inflows: ['award', 'donation'], from: 'reserve', source: 'invented' },
  ],
  redemption: { cadence: 'any_time', proxy: true, source: 'invented' },
};

/** Puts goods that cost nothing on the shelf of a scheme. */
export async function deliver(as: Ask, scheme: string, sku: string, n: number): Promise<void> {
  const answer = await as('POST', '/v1/admin/stock/deliveries', {
    key: `${scheme}-${sku}-${n}`,
    scheme,
    sku,
    n,
    costFen: 0,
  });
  if (answer.status !== 200) throw new Error(`${sku} was not delivered: ${answer.text}`);
}
