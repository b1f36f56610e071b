import {
  cardVct,
  MAX_CARD_LIFE_SECONDS,
  MAX_LIFE_SECONDS,
  MAX_VOUCHER_LIFE_SECONDS,
  tierVct,
  voucherVct,
} from '#libs/attestation';

/** The ways to present (design §4.2). The verifier picks one before it parses anything. */
export type PresentationWay = 'rotating_qr' | 'session' | 'voucher' | 'card';

/** What differs between the ways; everything else is one pipeline. Times in seconds. */
export interface WayRule {
  /** The one type that is read this way; types never substitute for one another. */
  readonly vct: (federation: string) => string;
  readonly maxLifeSeconds: number;
  /** How old the proof of presence may be; `undefined` where there is none to date: a card is paper. */
  readonly proofLifeSeconds: number | undefined;
}

/** How far a gate's clock and a phone's may differ (design §4.2), in seconds. */
export const CLOCK_SKEW_SECONDS = 30;

/** How old a rotating code may be (design §4.2). */
export const QR_LIFE_SECONDS = 60;
export const SESSION_PROOF_LIFE_SECONDS = 300;

const tier = { vct: tierVct, maxLifeSeconds: MAX_LIFE_SECONDS };

export const WAYS: { readonly [Way in PresentationWay]: WayRule } = {
  rotating_qr: { ...tier, proofLifeSeconds: QR_LIFE_SECONDS },
  session: { ...tier, proofLifeSeconds: SESSION_PROOF_LIFE_SECONDS },
  voucher: {
    vct: voucherVct,
    maxLifeSeconds: MAX_VOUCHER_LIFE_SECONDS,
    proofLifeSeconds: MAX_VOUCHER_LIFE_SECONDS,
  },
  card: { vct: cardVct, maxLifeSeconds: MAX_CARD_LIFE_SECONDS, proofLifeSeconds: undefined },
};
