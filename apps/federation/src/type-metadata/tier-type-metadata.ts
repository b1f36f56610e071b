import { tierVct } from '#libs/attestation';

interface Text {
  readonly zh: string;
  readonly en: string;
}

interface Claim {
  readonly path: readonly string[];
  readonly label: Text;
  readonly description: Text;
  readonly sd: 'always' | 'never';
}

/** What is disclosed, and what every presentation shows. Grade codes are a scheme's own, so `at_least` is described as a whole. */
const CLAIMS: readonly Claim[] = [
  {
    path: ['at_least'],
    label: { zh: '达到的等级', en: 'Grade reached' },
    description: {
      zh: '所出示的门槛：持有人的等级不低于此项；不显示分数，也不显示实际等级。',
      en: 'The threshold shown: the holder’s grade is not lower. Neither the score nor the exact grade is shown.',
    },
    sd: 'never',
  },
  {
    path: ['person'],
    label: { zh: '本人（已遮盖）', en: 'Person (masked)' },
    description: {
      zh: '遮盖后的姓名和证件号后四位，仅在优惠要求核对证件时出示。',
      en: 'Masked name and the last four characters of the ID document; disclosed only where a document is checked.',
    },
    sd: 'always',
  },
  {
    path: ['scheme'],
    label: { zh: '积分方案', en: 'Scheme' },
    description: {
      zh: '等级所依据的本地积分方案及其版本。',
      en: 'The local scheme, and its version, behind the grade.',
    },
    sd: 'never',
  },
  {
    path: ['partner'],
    label: { zh: '出示对象', en: 'Shown to' },
    description: { zh: '本证明只能向这一家合作方出示。', en: 'The one partner to whom this proof may be shown.' },
    sd: 'never',
  },
];

/** SD-JWT VC Type Metadata of tier attestations, in Chinese and English. */
export function tierTypeMetadata(federation: string) {
  return {
    vct: tierVct(federation),
    name: 'Xinqiao tier attestation',
    description: 'A county attests that a resident holds at least a grade of its own scheme, for one partner.',
    display: [
      { locale: 'zh-CN', name: '信桥等级证明', description: '由发证县（市、区）出具，证明持有人不低于所出示的等级。' },
      {
        locale: 'en',
        name: 'Xinqiao tier attestation',
        description: 'Issued by a county: the holder is not below the grade shown.',
      },
    ],
    claims: CLAIMS.map(({ path, label, description, sd }) => ({
      path,
      display: [
        { locale: 'zh-CN', label: label.zh, description: description.zh },
        { locale: 'en', label: label.en, description: description.en },
      ],
      sd,
    })),
  };
}
