import type { SchemeRule } from './scheme-document.js';

/**
 * What no rule may score (domain G1): petitioning, belief, speech, family planning, illness, genes, after the list of
 * 征信业管理条例 art. 14 and the 2025 Opinions (no private information in credit evaluation). A rule is refused by its
 * category or by a word in its label; words are chosen so that honest rules do not contain them (献血 is not 血型).
 */
export const FORBIDDEN_SUBJECTS = {
  petitioning: ['信访', '上访', '访民', '闹访', '缠访', '越级'],
  belief: ['宗教', '信仰', '信教', '教会', '教徒', '礼拜'],
  speech: ['言论', '发帖', '评论', '朋友圈', '微信群', '群聊', '传谣', '议论'],
  family_planning: ['计划生育', '计生', '生育', '超生', '流产', '避孕'],
  illness: ['疾病', '病史', '患病', '传染病', '精神病', '就医', '住院', '病历', '残疾'],
  genes: ['基因', '遗传', '血型', '指纹', 'DNA'],
} as const satisfies Record<string, readonly string[]>;

export type ForbiddenSubject = keyof typeof FORBIDDEN_SUBJECTS;

/** What is no matter of credit, and so belongs into civic points, not into a credit grade (domain G1). */
const NON_CREDIT_MATTERS = {
  volunteering: ['志愿', '义工', '公益', '义务劳动', '献血', '捐'],
  hygiene: ['卫生', '庭院', '院落', '环境', '垃圾', '清扫', '保洁', '整治'],
  conduct: ['美德', '文明', '邻里', '孝', '家风', '宣讲', '会议', '学习', '文体'],
} as const satisfies Record<string, readonly string[]>;

export type NonCreditMatter = keyof typeof NON_CREDIT_MATTERS;

/** Services that everybody is owed: no grade may open or close them (domain G2). */
const STATUTORY_SERVICES = [
  '户口',
  '户籍',
  '身份证',
  '社保',
  '社会保险',
  '医保',
  '养老金',
  '低保',
  '特困',
  '救助',
  '入学',
  '义务教育',
  '婚姻登记',
  '政务',
  '办证',
] as const;

/** Full-width letters, spaces and punctuation do not hide a word. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();
}

/** The key of the first list whose name is the rule's category, or of which a word stands in its label or category. */
function matterOf<Matter extends string>(
  lists: Readonly<Record<Matter, readonly string[]>>,
  { category, label_zh: label }: Pick<SchemeRule, 'category' | 'label_zh'>,
): Matter | undefined {
  const texts = [plain(label), plain(category)];
  return (Object.keys(lists) as Matter[]).find(
    (matter) => texts[1] === plain(matter) || lists[matter].some((word) => texts.some((text) => text.includes(word))),
  );
}

/** The forbidden subject that a rule scores, or `undefined`. */
export function forbiddenSubjectOf(rule: Pick<SchemeRule, 'category' | 'label_zh'>): ForbiddenSubject | undefined {
  return matterOf(FORBIDDEN_SUBJECTS, rule);
}

/** The matter that a rule scores and that is none of credit, or `undefined`. */
export function nonCreditMatterOf(rule: Pick<SchemeRule, 'category' | 'label_zh'>): NonCreditMatter | undefined {
  return matterOf(NON_CREDIT_MATTERS, rule);
}

/** Whether a label names a service that everybody is owed. */
export function isStatutoryService(label: string): boolean {
  return STATUTORY_SERVICES.some((word) => plain(label).includes(word));
}
