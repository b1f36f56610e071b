import type { Signer } from '#libs/jose-profile';
import { GatewayError, openSigner, readKeyFile } from '#libs/platform';

const PURPOSE = 'online';

/** The federation's online keys: they date heads anew and suspend, nothing else. It holds no other private key. */
export class OnlineKeys {
  private constructor(private readonly signers: ReadonlyMap<string, Signer>) {}

  /**
   * Reads the key file. Several keys may lie there, so that a new delegation can name one before the old one goes.
   * @throws GatewayError KEYS_INVALID (also for a key of any other purpose), SAMPLE_KEYS_IN_PRODUCTION
   */
  static async read(file: string, options: { readonly production: boolean }): Promise<OnlineKeys> {
    const keyFile = await readKeyFile(file, options);
    if (keyFile.keys.some(({ purpose }) => purpose !== PURPOSE))
      throw new GatewayError('KEYS_INVALID', {
        detail: `${file}: the federation holds keys of purpose ${PURPOSE} only`,
      });
    const signers = await Promise.all(keyFile.keys.map((key) => openSigner({ ...keyFile, keys: [key] }, PURPOSE)));
    return new OnlineKeys(new Map(signers.map((signer) => [signer.kid, signer])));
  }

  /** The signer of a key by its thumbprint, if it is held here. */
  find(kid: string): Signer | undefined {
    return this.signers.get(kid);
  }
}
