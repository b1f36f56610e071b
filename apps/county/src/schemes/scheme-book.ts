import { GatewayError } from '#libs/platform';
import type { WrittenScheme } from '#libs/scheme';
import { ActiveScheme, type SchemeVersion } from './scheme-version.js';

/** Every adopted version of every scheme of a county, as it stood at one moment. */
export class SchemeBook {
  constructor(readonly versions: readonly SchemeVersion[]) {}

  /** What parents are looked up in. */
  get written(): readonly WrittenScheme[] {
    return this.versions.map(({ written }) => written);
  }

  version(id: string, version: number): SchemeVersion | undefined {
    return this.versions.find(({ document }) => document.id === id && document.version === version);
  }

  versionsOf(id: string): readonly SchemeVersion[] {
    return this.versions.filter(({ document }) => document.id === id);
  }

  /** The highest version of a scheme that is in effect on a day (`YYYY-MM-DD`). */
  inForce(id: string, day: string): SchemeVersion | undefined {
    return highest(this.versionsOf(id).filter((version) => version.isInForceOn(day)));
  }

  /** The version in effect on a day of every scheme that has one, by id. */
  allInForce(day: string): readonly SchemeVersion[] {
    const ids = [...new Set(this.versions.map(({ document }) => document.id))].toSorted();
    return ids.flatMap((id) => this.inForce(id, day) ?? []);
  }

  /** The ids of the schemes whose grades may leave the county: one at most. */
  get exportedIds(): readonly string[] {
    return [...new Set(this.exportedVersions.map(({ document }) => document.id))];
  }

  /**
   * The version in effect on a day of the scheme whose grades leave the county.
   * @throws GatewayError SCHEME_NOT_EXPORTED where there is none: such a county issues nothing
   */
  exported(day: string): ActiveScheme {
    const newest = this.inForceExported(day);
    if (newest === undefined) throw new GatewayError('SCHEME_NOT_EXPORTED');
    return newest;
  }

  /** The same, or `undefined`. */
  inForceExported(day: string): ActiveScheme | undefined {
    return highest(this.exportedVersions.filter((version) => version.isInForceOn(day)));
  }

  private get exportedVersions(): readonly ActiveScheme[] {
    return this.versions.filter((version) => version instanceof ActiveScheme);
  }
}

function highest<Version extends SchemeVersion>(versions: readonly Version[]): Version | undefined {
  return versions.toSorted((one, other) => other.document.version - one.document.version)[0];
}
