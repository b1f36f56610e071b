import { openSigner, publishedKeys, readKeyFile, type PublishedJwk, type ServiceSigner } from '#libs/platform';

/**
 * The county's signing keys, one per purpose (design §4). The key file may hold further ones that are `next` or `retired`, so
 * that a key is known before it signs and as long as something it signed is about (docs/key-rotation.md).
 */
export class CountyKeys {
  private constructor(
    readonly attest: ServiceSigner,
    readonly status: ServiceSigner,
    readonly statement: ServiceSigner,
    /** Of attestations, next and retired ones included. */
    readonly published: readonly PublishedJwk[],
  ) {}

  /** @throws GatewayError KEYS_INVALID, SAMPLE_KEYS_IN_PRODUCTION */
  static async read(file: string, production: boolean): Promise<CountyKeys> {
    const keys = await readKeyFile(file, { production });
    return new CountyKeys(
      await openSigner(keys, 'attest'),
      await openSigner(keys, 'status'),
      await openSigner(keys, 'statement'),
      await publishedKeys(keys, 'attest'),
    );
  }
}
