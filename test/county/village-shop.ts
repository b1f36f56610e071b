import type { Answer, Ask } from './ask.js';
import { SCHEME } from './village-scheme.js';

interface Shelf {
  readonly sku: string;
  /** Pieces; `null` for what has no shelf. */
  readonly stock: number | null;
}

/** The shop of the invented village, asked by whoever keeps it. */
export class VillageShop {
  private keys = 0;

  constructor(private readonly keeper: Ask) {}

  /** @param items pieces by item */
  buy(subject: string, items: Readonly<Record<string, number>>, more: object = {}, as = this.keeper): Promise<Answer> {
    const order = { key: this.fresh('buy'), scheme: SCHEME, subject, items: listOf(items), ...more };
    return as('POST', '/v1/admin/redemptions', order);
  }

  giveBack(
    sale: Answer,
    items: Readonly<Record<string, number>>,
    more: object = {},
    as = this.keeper,
  ): Promise<Answer> {
    const back = { key: this.fresh('back'), items: listOf(items), reason: 'broken', ...more };
    return as('POST', `/v1/admin/redemptions/${String(sale.body['redemption'])}/returns`, back);
  }

  async shelves(): Promise<readonly Shelf[]> {
    const { body } = await this.keeper('GET', `/v1/admin/schemes/${SCHEME}/shop`);
    return body['items'] as readonly Shelf[];
  }

  async stockOf(sku: string): Promise<number | null | undefined> {
    return (await this.shelves()).find((shelf) => shelf.sku === sku)?.stock;
  }

  private fresh(what: string): string {
    return `${what}-${(this.keys += 1)}`;
  }
}

function listOf(items: Readonly<Record<string, number>>): readonly object[] {
  return Object.entries(items).map(([sku, n]) => ({ sku, n }));
}
