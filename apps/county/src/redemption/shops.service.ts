import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { GatewayError } from '#libs/platform';
import type { CatalogueItem } from '#libs/scheme';
import type { Staff } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import type { FundState } from './funds.service.js';
import { fundKey, type FundName } from './lock-funds.js';
import { coversScheme } from './scheme-scope.js';
import { fundName } from './shop-terms.js';

export interface ShopItem {
  readonly sku: string;
  readonly label: string;
  readonly kind: CatalogueItem['kind'];
  readonly price: number;
  readonly limit?: CatalogueItem['limit'];
  readonly provider?: string;
  /** Pieces on the shelf; `null` for what is no goods. */
  readonly stock: number | null;
}

export interface Shop {
  readonly items: readonly ShopItem[];
  readonly funds: readonly FundState[];
}

/** What a scheme's shop sells today, and the money behind it. */
@Injectable()
export class Shops {
  constructor(
    private readonly database: DataSource,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
  ) {}

  /** @throws GatewayError NOT_FOUND, also outside the places of who asks */
  async read(scheme: string, staff: Staff): Promise<Shop> {
    const scope = { book: await this.schemes.book(), tree: await this.places.tree(), staff };
    const version = scope.book.inForce(scheme, this.schemes.today());
    if (version === undefined || !coversScheme(scheme, scope)) throw new GatewayError('NOT_FOUND');
    const { catalogue = [], funds = [] } = version.document;
    const stock = await this.stockOf(scheme);
    const names = funds.map(({ id }) => fundName(scope.book, version, id));
    const balances = await this.balancesOf(names);
    return {
      items: catalogue.map(({ sku, label_zh: label, kind, price_points: price, limit, provider }) => ({
        sku,
        label,
        kind,
        price,
        ...(limit === undefined ? {} : { limit }),
        ...(provider === undefined ? {} : { provider }),
        stock: kind === 'goods' ? (stock.get(sku) ?? 0) : null,
      })),
      funds: funds.map(({ id, label_zh: label }) => {
        const name = fundName(scope.book, version, id);
        return { id, label, owner: name.owner, balanceFen: balances.get(fundKey(name)) ?? 0 };
      }),
    };
  }

  private async stockOf(scheme: string): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query<readonly { readonly sku: string; readonly pieces: number }[]>(
      'SELECT sku, pieces FROM stock WHERE scheme_id = $1',
      [scheme],
    );
    return new Map(rows.map(({ sku, pieces }) => [sku, pieces]));
  }

  private async balancesOf(names: readonly FundName[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query<readonly (FundName & { readonly balance: string })[]>(
      'SELECT owner, id AS fund, balance_fen AS balance FROM fund WHERE owner = ANY($1)',
      [names.map(({ owner }) => owner)],
    );
    return new Map(rows.map((row) => [fundKey(row), Number(row.balance)]));
  }
}
