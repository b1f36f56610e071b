import { tierVct } from '#libs/attestation';
import type { Band } from '#libs/equivalence';
import type { VerificationSessionEntity } from './verification-session.entity.js';

/** What a wallet reads before it answers (OpenID4VP 1.0 §5), and what the offer asks, which DCQL cannot say: a band. */
export interface PresentationRequest {
  readonly client_id: string;
  readonly response_type: 'vp_token';
  readonly response_mode: 'direct_post';
  readonly response_uri: string;
  readonly nonce: string;
  readonly dcql_query: {
    readonly credentials: readonly {
      readonly id: 'tier';
      readonly format: 'dc+sd-jwt';
      readonly meta: { readonly vct_values: readonly string[] };
    }[];
  };
  readonly offer: { readonly id: string; readonly band: Band; readonly partner: string };
}

const CLIENT_ID_PREFIX = 'redirect_uri:';

export function presentationRequest(
  { clientId, nonce, offer: id, partner }: VerificationSessionEntity,
  band: Band,
  federationId: string,
): PresentationRequest {
  return {
    client_id: clientId,
    response_type: 'vp_token',
    response_mode: 'direct_post',
    response_uri: clientId.slice(CLIENT_ID_PREFIX.length),
    nonce,
    dcql_query: {
      credentials: [{ id: 'tier', format: 'dc+sd-jwt', meta: { vct_values: [tierVct(federationId)] } }],
    },
    offer: { id, band, partner },
  };
}
