import { shanghaiDay } from '#libs/calendar';
import { type Clock, GatewayError } from '#libs/platform';
import { readSchemeFolder } from './read-scheme-folder.js';
import { ActiveScheme, SchemeVersion } from './scheme-version.js';

/** Every adopted version of every scheme of this county. One scheme at most may let grades leave the county. */
export class CountySchemes {
  private constructor(
    readonly versions: readonly SchemeVersion[],
    private readonly clock: Clock,
  ) {}

  /**
   * Loads the documents of a county's folder, checked against their schema and against what a schema cannot say.
   * @param from `county`: the county's code, in which every scheme's place must lie
   * @throws GatewayError CONFIG_DOCUMENT_INVALID naming the file and the path of every fault
   */
  static async load(
    from: { readonly county: string; readonly schemesFolder: string; readonly schemasFolder: string },
    clock: Clock,
  ): Promise<CountySchemes> {
    const { county, schemesFolder, schemasFolder } = from;
    const documents = await readSchemeFolder(schemesFolder, schemasFolder);
    const elsewhere = documents.find(({ place }) => !place.startsWith(county));
    if (elsewhere !== undefined)
      throw invalid(schemesFolder, `${elsewhere.id} is of ${elsewhere.place}, not of ${county}`);
    const schemes = new CountySchemes(
      await Promise.all(documents.map((document) => SchemeVersion.of(document))),
      clock,
    );
    const exported = [...new Set(schemes.exportedVersions.map(({ document }) => document.id))];
    if (exported.length > 1)
      throw invalid(schemesFolder, `the grades of one scheme may leave a county, not of ${exported.join(' and ')}`);
    return schemes;
  }

  /**
   * The version in effect today of the scheme whose grades leave the county.
   * @throws GatewayError SCHEME_NOT_EXPORTED where there is none: such a county issues nothing
   */
  exported(): ActiveScheme {
    const today = shanghaiDay(this.clock.now());
    const [newest] = this.exportedVersions
      .filter((version) => version.isInForceOn(today))
      .toSorted((one, other) => other.document.version - one.document.version);
    if (newest === undefined) throw new GatewayError('SCHEME_NOT_EXPORTED');
    return newest;
  }

  private get exportedVersions(): readonly ActiveScheme[] {
    return this.versions.filter((version) => version instanceof ActiveScheme);
  }
}

function invalid(folder: string, what: string): GatewayError {
  return new GatewayError('CONFIG_DOCUMENT_INVALID', { detail: `${folder}: ${what}` });
}
