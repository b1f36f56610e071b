import { documentTyp, signDocument, type DocumentType, type PayloadOf } from '#libs/alliance';
import { signDetachedJws, type Signer } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { GatewayError } from '#libs/platform';
import { ApiProblem, type Api } from '../api.js';

interface DraftRound {
  readonly digest: string;
  /** Base64url of the canonical payload: what is signed. */
  readonly payload: string;
}

interface DelegationsThere {
  readonly epoch: number;
  readonly prepared?: { readonly epoch: number };
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

  /** Files a document with these signatures, made where the keys are; what stands there already stays. */
  async file(payload: PayloadOf[DocumentType], signers: readonly Signer[]): Promise<string> {
    const [{ api }] = this.two;
    const { type, ...content } = payload;
    const { signatures } = await signDocument(type, content, signers, nodeCrypto);
    try {
      return (await api.post<{ digest: string }>('/v1/admin/documents', { payload, signatures })).digest;
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      // What stands in the registry stays: a document of config/ that changed on kept data is a new version of it.
      throw new GatewayError('CONFIG_DOCUMENT_INVALID', {
        detail: `${type} ${payload.id}: ${problem.message}. A changed document needs a higher version, or --reset`,
        cause: problem,
      });
    }
  }

  /** Drafts a round over all complete documents and has two officers sign it; the head follows at once. A prepared epoch begins. */
  async adoptRound(lift: readonly string[] = []): Promise<void> {
    const [first, second] = this.two;
    const { epoch, prepared } = await first.api.get<DelegationsThere>('/v1/delegation');
    const draft = await first.api.post<DraftRound>('/v1/admin/rounds', { lift, epoch: (prepared ?? { epoch }).epoch });
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
