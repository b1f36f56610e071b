import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { GatewayError, type KeyFile, readKeyFile, type StoredKey } from '#libs/platform';
import type { DocumentType, IdentityDocument } from './document-number.js';

/** A number as it is kept: readable with the county's keys only, and found by its blind index. */
export interface SealedDocument {
  readonly type: DocumentType;
  readonly keyId: string;
  readonly sealed: Buffer;
  readonly indexKeyId: string;
  readonly blind: Buffer;
}

interface SecretKey {
  /** RFC 7638 thumbprint. */
  readonly id: string;
  readonly secret: Buffer;
}

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals document numbers (AES-256-GCM, bound to their subject) and finds them by a blind index (HMAC-SHA-256). Two keys of
 * `SUBJECT_KEYS_FILE`, purposes `subject-encrypt` and `subject-index`, both JWKs of kty `oct` with 256 bits; retired ones stay
 * until `isCurrent` holds for every row.
 */
export class DocumentVault {
  private constructor(
    /** The active key first. */
    private readonly sealing: readonly [SecretKey, ...SecretKey[]],
    private readonly indexing: readonly [SecretKey, ...SecretKey[]],
  ) {}

  /** @throws GatewayError KEYS_INVALID, SAMPLE_KEYS_IN_PRODUCTION */
  static async read(file: string, production: boolean): Promise<DocumentVault> {
    const keys = await readKeyFile(file, { production });
    return new DocumentVault(keysFor(keys, file, 'subject-encrypt'), keysFor(keys, file, 'subject-index'));
  }

  get keyIds(): { readonly sealing: readonly string[]; readonly indexing: readonly string[] } {
    return { sealing: this.sealing.map(({ id }) => id), indexing: this.indexing.map(({ id }) => id) };
  }

  /** Seals a number for one subject; no other row can hold what results. */
  seal(subject: string, { type, number }: IdentityDocument): SealedDocument {
    const [key] = this.sealing;
    const [index] = this.indexing;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key.secret, iv).setAAD(boundTo(subject, type));
    const text = Buffer.concat([cipher.update(number, 'utf8'), cipher.final()]);
    const sealed = Buffer.concat([iv, cipher.getAuthTag(), text]);
    return { type, keyId: key.id, sealed, indexKeyId: index.id, blind: blindOf(index, { type, number }) };
  }

  /** @throws GatewayError INTERNAL when the row is not what was sealed for this subject, or its key is gone */
  open(subject: string, { type, keyId, sealed }: Omit<SealedDocument, 'indexKeyId' | 'blind'>): IdentityDocument {
    const key = this.sealing.find(({ id }) => id === keyId);
    if (key === undefined) throw new GatewayError('INTERNAL', { detail: 'a document is sealed under an unknown key' });
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.secret, sealed.subarray(0, IV_BYTES))
        .setAAD(boundTo(subject, type))
        .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const text = sealed.subarray(IV_BYTES + TAG_BYTES);
      return { type, number: Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8') };
    } catch (cause) {
      throw new GatewayError('INTERNAL', { detail: 'a sealed document does not belong to its row', cause });
    }
  }

  /**
   * 32 bytes that only this county can make of a text, under the active index key and the retired ones, for another purpose
   * than documents: the purpose keeps them apart from every blind index.
   */
  marks(purpose: string, text: string): readonly [Buffer, ...Buffer[]] {
    const [active, ...retired] = this.indexing;
    const mark = ({ secret }: SecretKey): Buffer => createHmac('sha256', secret).update(`${purpose}\n${text}`).digest();
    return [mark(active), ...retired.map(mark)];
  }

  /** What a number is found by, under the active index key and the retired ones. */
  blinds(document: IdentityDocument): readonly Buffer[] {
    return this.indexing.map((key) => blindOf(key, document));
  }
}

function blindOf({ secret }: SecretKey, { type, number }: IdentityDocument): Buffer {
  return createHmac('sha256', secret).update(`${type}:${number}`).digest();
}

function boundTo(subject: string, type: DocumentType): Buffer {
  return Buffer.from(`xinqiao-subject-document:${type}:${subject}`);
}

function keysFor({ keys }: KeyFile, file: string, purpose: string): readonly [SecretKey, ...SecretKey[]] {
  const own = keys.filter((key) => key.purpose === purpose && key.state !== 'next');
  const [active, ...others] = own.filter(({ state }) => state === undefined);
  if (active === undefined || others.length > 0) return refuse(file, `exactly one active key is needed: ${purpose}`);
  const retired = own.filter(({ state }) => state === 'retired');
  const secrets = retired.map((key) => secretOf(key, file));
  return [secretOf(active, file), ...secrets];
}

function secretOf({ jwk, purpose }: StoredKey, file: string): SecretKey {
  const { kty, k } = jwk;
  const secret = kty === 'oct' && k !== undefined && /^[\w-]{43}$/.test(k) ? Buffer.from(k, 'base64url') : undefined;
  if (k === undefined || secret?.length !== KEY_BYTES)
    return refuse(file, `a key is not 256 bits of kty oct: ${purpose}`);
  // RFC 7638 §3.2: the required members in lexical order.
  const id = createHash('sha256').update(JSON.stringify({ k, kty })).digest('base64url');
  return { id, secret };
}

function refuse(file: string, what: string): never {
  throw new GatewayError('KEYS_INVALID', { detail: `${file}: ${what}` });
}
