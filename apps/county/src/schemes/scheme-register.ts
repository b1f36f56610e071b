import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#libs/platform';
import { CountySchemes } from './county-schemes.js';
import { SchemeVersionEntity } from './scheme-version.entity.js';

/** Records at boot which scheme documents the service runs with, so that every assessment can name its own for ever. */
@Injectable()
export class SchemeRegister implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly schemes: CountySchemes,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    const recordedAt = this.clock.now();
    const rows = this.schemes.versions.map(({ document, digest, fingerprint, catalogueDigest }) => {
      const { id: schemeId, version } = document;
      return { schemeId, version, digest, fingerprint, catalogueDigest, document, recordedAt };
    });
    await this.database
      .createQueryBuilder()
      .insert()
      .into(SchemeVersionEntity)
      // In one order, so that two processes that start at once never wait for each other.
      .values(rows.toSorted((one, other) => (one.digest < other.digest ? -1 : 1)))
      .orIgnore()
      .execute();
  }
}
