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

  /** Makes the list on the first boot. */
  async onModuleInit(): Promise<void> {
    const bits = Buffer.from(createStatusList().bytes);
    await this.database
      .createQueryBuilder()
      .insert()
      .into(StatusListEntity)
      .values({ list: this.list, uri: this.config.statusListUri, bits, version: 0 })
      .orIgnore()
      .execute();
  }

  uriOf({ list }: StatusPlace): string {
    return this.config.statusListUri.replace(/[0-9]+$/, String(list));
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
    for (const list of new Set(places.map((place) => place.list))) {
      const row = await manager.findOneOrFail(StatusListEntity, {
        where: { list },
        lock: { mode: 'for_no_key_update' },
      });
      const bits = { bits: 1, bytes: row.bits } as const;
      for (const place of places) if (place.list === list) setStatus(bits, place.index, 1);
      await manager.update(StatusListEntity, { list }, { bits: row.bits, version: row.version + 1 });
    }
  }

  /** The signed list, or `null` for a number that is no list of this county. */
  async find(list: number): Promise<Pick<StatusListEntity, 'token' | 'tokenDigest'> | null> {
    return this.database.manager.findOne(StatusListEntity, {
      select: { list: true, token: true, tokenDigest: true },
      where: { list },
    });
  }
}
