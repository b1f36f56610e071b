import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { GatewayError } from '#libs/platform';
import { createStatusList, entryCount, setStatus } from '#libs/status-list';
import { COUNTY_CONFIG, type CountyConfig } from '../county.config.js';
import { StatusListEntity } from './status-list.entity.js';

/** A place on a status list. */
export interface StatusPlace {
  readonly list: number;
  readonly index: number;
}

/** With a list nine tenths full, one in a thousand attestations would still find no place. */
const TRIES = 64;

/** The county's status list: who stands at which place, and which places are revoked. */
@Injectable()
export class StatusLists implements OnModuleInit {
  /** The list that new attestations go to: the number at the end of the configured uri. */
  readonly list: number;

  constructor(
    private readonly database: DataSource,
    @Inject(COUNTY_CONFIG) private readonly config: CountyConfig,
  ) {
    this.list = Number(config.statusListUri.split('/').at(-1));
  }

  /**
   * Makes the list on the first boot.
   * @throws GatewayError CONFIG_INVALID when the list of this number has another uri: attestations name that one, and gates
   *   would refuse the list under a new one
   */
  async onModuleInit(): Promise<void> {
    const bits = Buffer.from(createStatusList().bytes);
    await this.database
      .createQueryBuilder()
      .insert()
      .into(StatusListEntity)
      .values({ list: this.list, uri: this.config.statusListUri, bits, version: 0 })
      .orIgnore()
      .execute();
    if ((await this.readUri(this.database.manager, this.list)) !== this.config.statusListUri)
      throw new GatewayError('CONFIG_INVALID', {
        detail: 'STATUS_LIST_URI: the list of this number was published under another address; take a new number',
      });
  }

  /** The address an attestation at this place names: the one its list is signed for. */
  async uriOf(manager: EntityManager, { list }: StatusPlace): Promise<string> {
    return list === this.list ? this.config.statusListUri : this.readUri(manager, list);
  }

  /**
   * Claims a random place that nobody has ever had (design §4.1): a place is not given twice, so that no one inherits a
   * stranger's status. The claim stands or falls with the caller's transaction.
   * @throws GatewayError STATUS_LIST_FULL
   */
  async claimPlace(manager: EntityManager): Promise<StatusPlace> {
    const size = entryCount(createStatusList());
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      // A list has a power of two of places, so the remainder is as random as the number.
      const index = randomBytes(4).readUInt32BE() % size;
      const claimed = await manager.query<readonly unknown[]>(
        'INSERT INTO status_index (list, index) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING index',
        [this.list, index],
      );
      if (claimed.length > 0) return { list: this.list, index };
    }
    throw new GatewayError('STATUS_LIST_FULL');
  }

  /** Sets the bits of places in the caller's transaction; the signed list follows (see `StatusListPublisher`). */
  async revoke(manager: EntityManager, places: readonly StatusPlace[]): Promise<void> {
    // In one order, so that two transactions never wait for each other.
    for (const list of [...new Set(places.map((place) => place.list))].toSorted((one, other) => one - other)) {
      const row = await manager.findOneOrFail(StatusListEntity, {
        where: { list },
        lock: { mode: 'for_no_key_update' },
      });
      const bits = { bits: 1, bytes: row.bits } as const;
      for (const place of places) if (place.list === list) setStatus(bits, place.index, 1);
      await manager.update(StatusListEntity, { list }, { bits: row.bits, version: row.version + 1 });
    }
  }

  /** The lists that have to be kept fresh: the current one, and those that an attestation not yet expired names. */
  async inUse(now: number): Promise<readonly number[]> {
    const rows = await this.database.query<readonly { readonly list: number }[]>(
      `SELECT list FROM status_list AS one
       WHERE list = $1 OR (SELECT max(exp) FROM attestation WHERE attestation.list = one.list) > to_timestamp($2)
       ORDER BY list DESC`,
      [this.list, now],
    );
    return rows.map(({ list }) => list);
  }

  /** The signed list, or `null` for a number that is no list of this county. */
  async find(list: number): Promise<Pick<StatusListEntity, 'token' | 'tokenDigest'> | null> {
    return this.database.manager.findOne(StatusListEntity, {
      select: { list: true, token: true, tokenDigest: true },
      where: { list },
    });
  }

  private async readUri(manager: EntityManager, list: number): Promise<string> {
    const { uri } = await manager.findOneOrFail(StatusListEntity, {
      select: { list: true, uri: true },
      where: { list },
    });
    return uri;
  }
}
