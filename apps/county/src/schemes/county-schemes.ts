import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { type Clock, GatewayError } from '#libs/platform';
import type { ReadScheme } from './read-scheme-folder.js';
import { SchemeBook } from './scheme-book.js';
import { SchemeVersionEntity } from './scheme-version.entity.js';
import { type ActiveScheme, SchemeVersion } from './scheme-version.js';

/** The schemes of this county: those of the folder it was started with, and those adopted here since, by any process. */
export class CountySchemes {
  private known: { readonly count: string; readonly book: Promise<SchemeBook> } | undefined;
  private readonly byDigest = new Map<string, Promise<SchemeVersion>>();

  private constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly ofFolder: readonly SchemeVersion[],
  ) {}

  /**
   * Records the documents of the county's folder, so that every assessment can name its own for ever. Of a document that
   * changed under one version number the folder's content counts.
   * @throws GatewayError CONFIG_DOCUMENT_INVALID where the grades of two schemes would leave the county
   */
  static async open(database: DataSource, clock: Clock, folder: readonly ReadScheme[]): Promise<CountySchemes> {
    const versions = await Promise.all(folder.map(({ document, written }) => SchemeVersion.of(document, written)));
    const schemes = new CountySchemes(database, clock, versions);
    await schemes.record(database.manager, versions);
    const { exportedIds } = await schemes.book();
    if (exportedIds.length > 1)
      throw new GatewayError('CONFIG_DOCUMENT_INVALID', {
        detail: `the grades of one scheme may leave a county, not of ${exportedIds.join(' and ')}`,
      });
    return schemes;
  }

  /** All adopted versions as they are now. */
  async book(): Promise<SchemeBook> {
    // Versions are only ever added.
    const [row] = await this.database.query<readonly { readonly count: string }[]>(
      'SELECT count(*) FROM scheme_version',
    );
    const count = row?.count ?? '';
    if (this.known?.count !== count) this.known = { count, book: this.bookIn(this.database.manager) };
    return this.known.book;
  }

  /** The same within a transaction, with what it added itself. */
  async bookIn(manager: EntityManager): Promise<SchemeBook> {
    const stored = await manager.find(SchemeVersionEntity, { order: { recordedAt: 'ASC', digest: 'ASC' } });
    const kept = await Promise.all(
      stored.map(({ digest, document, written }) => {
        const known = this.byDigest.get(digest) ?? SchemeVersion.of(document, written ?? document);
        this.byDigest.set(digest, known);
        return known;
      }),
    );
    const byName = new Map([...kept, ...this.ofFolder].map((version) => [nameOf(version), version]));
    return new SchemeBook([...byName.values()]);
  }

  /**
   * The version in effect today of the scheme whose grades leave the county.
   * @throws GatewayError SCHEME_NOT_EXPORTED where there is none: such a county issues nothing
   */
  async exported(): Promise<ActiveScheme> {
    return (await this.book()).exported(this.today());
  }

  today(): string {
    return shanghaiDay(this.clock.now());
  }

  /** Adds adopted versions; one that is there already is left as it is. */
  async record(manager: EntityManager, versions: readonly SchemeVersion[], adoptedBy?: string): Promise<void> {
    if (versions.length === 0) return;
    const recordedAt = this.clock.now();
    const rows = versions.map(({ document, written, digest, fingerprint, catalogueDigest }) => {
      const { id: schemeId, version } = document;
      const names = { schemeId, version, digest, fingerprint, catalogueDigest };
      return { ...names, document, written, recordedAt, adoptedBy: adoptedBy ?? null };
    });
    await manager
      .createQueryBuilder()
      .insert()
      .into(SchemeVersionEntity)
      // In one order, so that two processes that start at once never wait for each other.
      .values(rows.toSorted((one, other) => (one.digest < other.digest ? -1 : 1)))
      .orIgnore()
      .execute();
  }
}

function nameOf({ document: { id, version } }: SchemeVersion): string {
  return `${id} ${version}`;
}
