import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { DocumentVault } from '../subjects/document-vault.js';
import { cardCode, cardDigest } from './card-code.js';
import type { Taken } from './keep-redemptions.js';
import { onceUnderKey } from './once-under-key.js';
import { coversScheme, refusal } from './scheme-scope.js';
import { itemOf } from './shop-terms.js';

export interface CardCode {
  readonly sku: string;
  readonly code: string;
}

export interface UsedCard {
  readonly sku: string;
  readonly label: string;
  /** Id of the scheme whose shop sold it. */
  readonly scheme: string;
  /** Unix seconds. */
  readonly usedAt: number;
}

interface CardRow {
  readonly sku: string;
  readonly scheme: string;
  readonly version: number;
  readonly isUsed: boolean;
}

/** Cards that come back. */
interface CardsBack {
  readonly redemption: string;
  readonly sku: string;
  readonly n: number;
  readonly codes: readonly string[] | undefined;
  readonly now: number;
  /** Place of the item in the request. */
  readonly at: number;
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
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
    private readonly vault: DocumentVault,
  ) {}

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

  /**
   * The codes of redemptions in the order of their items, for who bought; those given back are void and left out.
   * @returns by redemption; none for one of goods only
   */
  async of(
    manager: EntityManager,
    redemptions: readonly string[],
  ): Promise<ReadonlyMap<string, readonly [CardCode, ...CardCode[]]>> {
    const rows = await manager.query<readonly (CardName & { readonly digest: string })[]>(
      `SELECT card_code.redemption_id AS redemption, sku, card_code.place, digest
      FROM card_code JOIN redemption_line AS line USING (redemption_id, sku)
      WHERE card_code.redemption_id = ANY($1) AND voided_at IS NULL ORDER BY line.place, card_code.place`,
      [redemptions],
    );
    const codes = new Map<string, [CardCode, ...CardCode[]]>();
    for (const { digest, ...name } of rows) {
      const code = this.codesOf(name).find((each) => cardDigest(each) === digest);
      if (code === undefined) continue;
      const card = { sku: name.sku, code };
      const others = codes.get(name.redemption);
      if (others === undefined) codes.set(name.redemption, [card]);
      else others.push(card);
    }
    return codes;
  }

  /**
   * Takes a code for what it stands for, once.
   * @throws GatewayError NOT_FOUND (unknown, given back, or sold outside the places of who asks), CODE_USED, KEY_REUSED
   */
  async use({ key, code }: { readonly key: string; readonly code: string }, staff: Staff): Promise<UsedCard> {
    const scope = { book: await this.schemes.book(), tree: await this.places.tree(), staff };
    const [digest, now, by] = [cardDigest(code) ?? '', this.clock.now(), staff.username];
    return this.database.transaction((manager) =>
      onceUnderKey(manager, { key, kind: 'card-use', content: { digest }, now, by }, async () => {
        const [card] = await manager.query<readonly CardRow[]>(
          `SELECT sku, shop_id AS scheme, shop_version AS version, used_at IS NOT NULL AS "isUsed"
          FROM card_code JOIN redemption ON redemption.id = redemption_id
          WHERE digest = $1 AND voided_at IS NULL FOR UPDATE OF card_code`,
          [digest],
        );
        if (card === undefined || !coversScheme(card.scheme, scope)) throw new GatewayError('NOT_FOUND');
        if (card.isUsed) throw new GatewayError('CODE_USED');
        await manager.query('UPDATE card_code SET used_at = to_timestamp($2), used_by = $3 WHERE digest = $1', [
          digest,
          now,
          by,
        ]);
        const { sku, scheme, version } = card;
        await this.audit.record(manager, { actor: by, action: 'card.used', target: scheme, detail: { sku } });
        const terms = scope.book.version(scheme, version);
        return { sku, label: (terms && itemOf(terms, sku)?.label_zh) ?? sku, scheme, usedAt: now };
      }),
    );
  }

  /**
   * Voids cards of one item in the caller's transaction.
   * @throws GatewayError CODE_USED where one of them was used, BODY_INVALID where some stay and it is not said which come back
   */
  async takeBack(manager: EntityManager, { redemption, sku, n, codes, now, at }: CardsBack): Promise<void> {
    const cards = await manager.query<readonly { readonly digest: string; readonly isUsed: boolean }[]>(
      `SELECT digest, used_at IS NOT NULL AS "isUsed" FROM card_code
      WHERE redemption_id = $1 AND sku = $2 AND voided_at IS NULL ORDER BY place FOR UPDATE`,
      [redemption, sku],
    );
    const open = cards.filter(({ isUsed }) => !isUsed).map(({ digest }) => digest);
    const back = codes === undefined ? open : [...new Set(codes.map((code) => cardDigest(code) ?? ''))];
    const path = `/items/${at}`;
    if (open.length < n || cards.some(({ digest, isUsed }) => isUsed && codes !== undefined && back.includes(digest)))
      throw refusal('CODE_USED', path);
    if (back.length !== n || !back.every((digest) => open.includes(digest)))
      throw refusal('BODY_INVALID', `${path}/codes`);
    await manager.query('UPDATE card_code SET voided_at = to_timestamp($2) WHERE digest = ANY($1)', [back, now]);
  }

  /** Always the same, so that a repeated request is answered the same; by the active key first. */
  private codesOf({ redemption, sku, place }: CardName): readonly [string, ...string[]] {
    const [first, ...others] = this.vault.marks('xinqiao-card-code', `${redemption}\n${sku}\n${place}`);
    return [cardCode(first), ...others.map(cardCode)];
  }
}
