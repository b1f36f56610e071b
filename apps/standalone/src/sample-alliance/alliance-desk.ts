import { documentTyp, type DocumentType, type PayloadOf, type SignedType } from '#libs/alliance';
import { signDetachedJws, type Signer } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import type { Api } from '../api.js';

interface Filed {
  readonly digest: string;
  /** Base64url of the canonical payload: what is signed. */
  readonly payload: string;
  readonly state: string;
}

interface DraftRound {
  readonly digest: string;
  readonly payload: string;
  /** Present when nothing changed since the round in force. */
  readonly adopted?: boolean;
}

export interface Officer {
  readonly id: string;
  readonly signer: Signer;
  readonly api: Api;
}

/**
 * What the alliance's administrators do, through the interface they use: file documents, sign offline, submit signatures,
 * draft and adopt rounds, suspend. The federation never sees a private key of theirs.
 */
export class AllianceDesk {
  constructor(readonly officers: readonly Officer[]) {}

  /** Two officers of different organisations. */
  get two(): readonly [Officer, Officer] {
    const [first, second] = this.officers;
    if (!first || !second) throw new RangeError('an alliance has at least two officers');
    return [first, second];
  }

  /** Files a document and adds these signatures; what is there already stays. */
  async file(payload: PayloadOf[DocumentType], signers: readonly Signer[]): Promise<string> {
    const [{ api }] = this.two;
    const filed = await api.post<Filed>('/v1/admin/documents', { payload });
    await this.sign(payload.type, filed, signers);
    return filed.digest;
  }

  /** Adds signatures to a document that stands in the registry. */
  async sign(type: SignedType, { digest, payload, state }: Filed, signers: readonly Signer[]): Promise<void> {
    if (state !== 'submitted') return;
    const [{ api }] = this.two;
    for (const signer of signers) {
      const signature = await signDetachedJws(documentTyp(type), payload, signer, nodeCrypto);
      await api.post(`/v1/admin/documents/${digest}/signatures`, { signature });
    }
  }

  /** Drafts a round over all complete documents and has two officers sign it; the head follows at once. */
  async adoptRound(lift: readonly string[] = []): Promise<void> {
    const [first, second] = this.two;
    const draft = await first.api.post<DraftRound>('/v1/admin/rounds', { lift });
    for (const { api, signer } of [first, second]) {
      const signature = await signDetachedJws(documentTyp('round'), draft.payload, signer, nodeCrypto);
      await api.post(`/v1/admin/rounds/${draft.digest}/signatures`, { signature });
    }
  }

  /** One officer alone narrows. */
  async suspend(digest: string, reason: string): Promise<void> {
    await this.two[0].api.post('/v1/admin/suspensions', { digest, reason });
  }
}
