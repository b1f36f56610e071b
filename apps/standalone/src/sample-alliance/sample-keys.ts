import { randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { generatePrivateJwk } from '#libs/jose-profile/node';
import { openSigner, readKeyFile, type KeyFile, type ServiceSigner } from '#libs/platform';
import { writeWhole } from '../machine/whole-file.js';

/** What an owner needs keys for; one key per purpose, one file per owner. */
export type KeyPurpose = 'root' | 'officer' | 'online' | 'attest' | 'status' | 'statement' | 'receipt';

export interface KeyOwner {
  readonly file: string;
  signer(purpose: KeyPurpose): ServiceSigner;
}

/**
 * The sample's keys: made on the first start, kept in the data folder (mode 0600) and marked `sample`, which every
 * service refuses in production.
 */
export class SampleKeys {
  constructor(private readonly folder: string) {}

  /** The keys of one owner, made if they are not there yet. */
  async of(owner: string, purposes: readonly KeyPurpose[]): Promise<KeyOwner> {
    const file = path.join(this.folder, `${owner}.json`);
    if (!(await exists(file))) await writeKeys(file, purposes);
    const stored = await readKeyFile(file, { production: false });
    const signers = new Map<string, ServiceSigner>();
    for (const purpose of purposes) signers.set(purpose, await openSigner(stored, purpose));
    return {
      file,
      signer: (purpose) => {
        const signer = signers.get(purpose);
        if (signer === undefined) throw new RangeError(`${owner} has no key of purpose ${purpose}`);
        return signer;
      },
    };
  }

  /** The file of an owner's symmetric keys, one per purpose with its algorithm, made if it is not there yet. */
  async secretsOf(owner: string, algorithms: Readonly<Record<string, string>>): Promise<string> {
    const file = path.join(this.folder, `${owner}.json`);
    const keys = Object.entries(algorithms).map(([purpose, alg]) => {
      return { purpose, alg, jwk: { kty: 'oct', k: randomBytes(SECRET_BYTES).toString('base64url') } };
    });
    if (!(await exists(file))) await writeWhole(file, { sample: true, keys });
    return file;
  }
}

const SECRET_BYTES = 32;

async function writeKeys(file: string, purposes: readonly KeyPurpose[]): Promise<void> {
  const keys: KeyFile['keys'] = [];
  for (const purpose of purposes) keys.push({ purpose, alg: 'ES256', jwk: await generatePrivateJwk('ES256') });
  await writeWhole(file, { sample: true, keys });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
