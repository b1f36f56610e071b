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

/** Full-width letters, spaces and punctuation do not hide a word. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();
}

/** The forbidden subject that a rule scores, or `undefined`. */
export function forbiddenSubjectOf(rule: Pick<SchemeRule, 'category' | 'label_zh'>): ForbiddenSubject | undefined {
  const label = plain(rule.label_zh);
  const category = plain(rule.category);
  return (Object.keys(FORBIDDEN_SUBJECTS) as ForbiddenSubject[]).find(
    (subject) =>
      category === plain(subject) ||
      FORBIDDEN_SUBJECTS[subject].some((word) => label.includes(word) || category.includes(word)),
  );
}
