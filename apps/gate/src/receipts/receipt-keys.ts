import { openSigner, readKeyFile, type ServiceSigner } from '#libs/platform';
import type { GateConfig } from '../gate.config.js';

/** The receipt key of every partner this gate serves. */
export class ReceiptKeys {
  private constructor(private readonly signers: ReadonlyMap<string, ServiceSigner>) {}

  /** @throws GatewayError KEYS_INVALID, SAMPLE_KEYS_IN_PRODUCTION */
  static async open({ partners, production }: GateConfig): Promise<ReceiptKeys> {
    const signers = new Map<string, ServiceSigner>();
    for (const { id, keysFile } of partners)
      signers.set(id, await openSigner(await readKeyFile(keysFile, { production }), 'receipt'));
    return new ReceiptKeys(signers);
  }

  signerOf(partner: string): ServiceSigner {
    const signer = this.signers.get(partner);
    if (signer === undefined) throw new RangeError('no receipt key for a partner that is not served here');
    return signer;
  }

  all(): readonly { readonly partner: string; readonly signer: ServiceSigner }[] {
    return [...this.signers].map(([partner, signer]) => ({ partner, signer }));
  }
}
