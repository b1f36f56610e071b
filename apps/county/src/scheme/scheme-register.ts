import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#libs/platform';
import { ActiveScheme } from './active-scheme.js';
import { SchemeVersionEntity } from './scheme-version.entity.js';

/** Records at boot which scheme document the service runs with, so that every assessment can name it for ever. */
@Injectable()
export class SchemeRegister implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly scheme: ActiveScheme,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    const { document, digest, fingerprint, catalogueDigest } = this.scheme;
    await this.database
      .createQueryBuilder()
      .insert()
      .into(SchemeVersionEntity)
      .values({
        schemeId: document.id,
        version: document.version,
        digest,
        fingerprint,
        catalogueDigest,
        document,
        recordedAt: this.clock.now(),
      })
      .orIgnore()
      .execute();
  }
}
