import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DocumentVault } from '../subjects/document-vault.js';
import { cardCode, cardDigest } from './card-code.js';
import type { Taken } from './keep-redemptions.js';

export interface CardCode {
  readonly sku: string;
  readonly code: string;
}

/** Which piece of which redemption a code is for. */
interface CardName {
  readonly redemption: string;
  readonly sku: string;
  /** From 1. */
  readonly place: number;
}

/** One-time codes of what is not handed over at the counter: a treatment, a ticket, a place in a course. */
@Injectable()
export class CardCodes {
  constructor(private readonly vault: DocumentVault) {}

  /** Makes one for each piece that is no goods; only its digest is kept. */
  async issue(manager: EntityManager, { id: redemption, items }: Taken): Promise<void> {
    const names = items.flatMap(({ item: { kind, sku }, n }) =>
      kind === 'goods' ? [] : Array.from({ length: n }, (_, at) => ({ redemption, sku, place: at + 1 })),
    );
    if (names.length === 0) return;
    const rows = names.map((name) => ({ ...name, digest: cardDigest(this.codesOf(name)[0]) }));
    await manager.query(
      `INSERT INTO card_code (digest, redemption_id, sku, place) SELECT digest, redemption, sku, place
      FROM jsonb_to_recordset($1) AS row (digest text, redemption uuid, sku text, place integer)`,
      [JSON.stringify(rows)],
    );
  }

  /** The codes of a redemption in the order of its items, for who bought; those given back are void and left out. */
  async of(manager: EntityManager, redemption: string): Promise<readonly CardCode[]> {
    const rows = await manager.query<readonly (CardName & { readonly digest: string })[]>(
      `SELECT card_code.redemption_id AS redemption, sku, card_code.place, digest
      FROM card_code JOIN redemption_line AS line USING (redemption_id, sku)
      WHERE card_code.redemption_id = $1 AND voided_at IS NULL ORDER BY line.place, card_code.place`,
      [redemption],
    );
    return rows.flatMap(({ digest, ...name }) => {
      const code = this.codesOf(name).find((each) => cardDigest(each) === digest);
      return code === undefined ? [] : [{ sku: name.sku, code }];
    });
  }

  /** Always the same, so that a repeated request is answered the same; by the active key first. */
  private codesOf({ redemption, sku, place }: CardName): readonly [string, ...string[]] {
    const [first, ...others] = this.vault.marks('xinqiao-card-code', `${redemption}\n${sku}\n${place}`);
    return [cardCode(first), ...others.map(cardCode)];
  }
}
