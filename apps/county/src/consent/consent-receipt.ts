import type { ConsentEntity } from './consent.entity.js';

/** What a resident keeps of a consent and can read (PIPL art. 23: recipient, purpose, kind of data; art. 15: withdrawal). */
export interface ConsentReceipt {
  readonly id: string;
  readonly issuer: { readonly id: string; readonly name: string };
  /** Partner id. */
  readonly partner: string;
  readonly purpose: string;
  readonly dataKind: string;
  /** Of a badge: the scheme that gives it. */
  readonly scheme?: string;
  /** Unix seconds. */
  readonly givenAt: number;
  /** Unix seconds; `null` while the consent stands. */
  readonly withdrawnAt: number | null;
  readonly text: { readonly zh: string; readonly en: string };
}

const DATA_KIND = {
  tier: {
    zh: '“不低于某等级”的证明；核验证件的优惠另含脱敏姓名和证件号后四位。不含分数、记录、排名和扣分。',
    en: 'A proof of "at least a grade"; where an offer checks a document, also the masked name and the last four characters of its number. No score, entry, rank or deduction.',
  },
  badge: {
    zh: '用文字写明凭什么、在哪里、哪一期、以何为据的荣誉说明，可能说到您所在的家庭；不含等级、分数、记录、排名、姓名。',
    en: 'A badge that says in words what for, where, for which period and on which basis; it may speak of your household. No grade, score, entry, rank or name.',
  },
} as const satisfies Record<ConsentEntity['dataKind'], { readonly zh: string; readonly en: string }>;

/** The receipt of a consent as it stands. */
export function receiptOf(
  consent: ConsentEntity,
  issuer: { readonly id: string; readonly name: string },
): ConsentReceipt {
  const { id, partner, purpose, dataKind, schemeId, givenAt, withdrawnAt } = consent;
  const kind = DATA_KIND[dataKind];
  return {
    id,
    issuer,
    partner,
    purpose,
    dataKind,
    ...(schemeId !== null && { scheme: schemeId }),
    givenAt,
    withdrawnAt,
    text: {
      zh: `您同意${issuer.name}为以下目的签发仅供“${partner}”查看的证明：${purpose}。内容：${kind.zh}可随时撤回，撤回后证明立即失效。`,
      en: `You consent to ${issuer.name} issuing a proof that only "${partner}" may be shown, for: ${purpose}. It says: ${kind.en} You may withdraw at any time; the proof is then revoked at once.`,
    },
  };
}
