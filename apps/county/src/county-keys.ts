import { openSigner, readKeyFile, type ServiceSigner } from '#libs/platform';

/** The county's signing keys, one per purpose (design §4). */
export class CountyKeys {
  private constructor(
    readonly attest: ServiceSigner,
    readonly status: ServiceSigner,
    readonly statement: ServiceSigner,
  ) {}

  /** @throws GatewayError KEYS_INVALID, SAMPLE_KEYS_IN_PRODUCTION */
  static async read(file: string, production: boolean): Promise<CountyKeys> {
    const keys = await readKeyFile(file, { production });
    const [attest, status, statement] = [
      openSigner(keys, 'attest'),
      openSigner(keys, 'status'),
      openSigner(keys, 'statement'),
    ];
    return new CountyKeys(await attest, await status, await statement);
  }
}
