import type { ForbiddenSubject, NonCreditMatter } from '../forbidden-subjects.js';

interface Text {
  readonly zh: string;
  readonly en: string;
}

/**
 * What each fault of a scheme document says to the people who write it. `{about}` stands for what the fault is about: an id,
 * a grade, a number.
 */
export const FAULT_TEXTS = {
  // The document as a whole
  DAY_UNKNOWN: { zh: '日历上没有这一天。', en: 'There is no such day in the calendar.' },
  VALIDITY_EMPTY: { zh: '最后一天早于第一天。', en: 'The last day lies before the first.' },
  ID_DUPLICATE: {
    zh: '同一列表里“{about}”出现了两次。',
    en: '"{about}" stands twice in this list.',
  },
  OVERRIDABLE_UNKNOWN: {
    zh: '“{about}”不是本文件中可以下放给下级的部分或条目。',
    en: '"{about}" is no part or member of this document that could be left to children.',
  },
  ACTIVITY_RULE_UNFIT: {
    zh: '签到表只有谁来了、几个小时，规则“{about}”还要别的内容，不能用于活动。',
    en: 'A sign-in sheet says who came and for how many hours; the rule "{about}" needs something else.',
  },
  AREA_WITHOUT_SELF: {
    zh: '同值片区必须包括本方案自己。',
    en: 'The area does not name this scheme itself.',
  },

  // What may leave the county, and minors
  EXPORT_NOT_ALLOWED: {
    zh: '只有以个人为对象、基础为 graded、并写明最低可出示等级（positive_floor）的方案，等级才能用于跨地区互认。',
    en: 'Only the grades of a graded scheme of persons, with a positive_floor, may be mapped to bands.',
  },
  EXPORT_FORBIDDEN: {
    zh: '内部考核结果和银行决定不得以任何形式带出本地，export 只能是 none。',
    en: 'What an internal appraisal or a bank decides never leaves the county: export must be none.',
  },
  BADGE_MISSING: {
    zh: '要出具荣誉说明（badge），至少有一项评级要用文字写明说什么（badge）。',
    en: 'To give badges, at least one grading must say in words what a badge of it says.',
  },
  BADGE_GRADE_UNKNOWN: {
    zh: '荣誉说明所要求的“{about}”不是这项评级的等级。',
    en: 'The badge asks for "{about}", which is no grade of this grading.',
  },
  BADGE_SUBJECT: {
    zh: '荣誉说明只能由个人或家庭成员出示，不能以“{about}”为对象。',
    en: 'A badge is shown by a person or a member of a household; nobody shows one of a {about}.',
  },
  MINORS_SCORED: {
    zh: '未成年人只登记参加了什么活动，不得计分、评级、兑换或带出本地。',
    en: 'Minors are not scored, graded, paid in points or exported: who took part is logged, nothing else.',
  },
  POSITIVE_FLOOR_UNKNOWN: {
    zh: '最低可出示等级“{about}”不是这项评级的等级。',
    en: 'The positive floor "{about}" is no grade of this grading.',
  },
  POSITIVE_FLOOR_SEVERAL: {
    zh: '只能有一项评级写明最低可出示等级。',
    en: 'Another grading has a positive floor already; only one may leave the county.',
  },
  GRADE_NOT_EXPORTABLE: {
    zh: '要带出本地的等级“{about}”只能用大写字母、数字和 + -，最多 8 个字符。',
    en: 'The grade "{about}" is to leave the county: at most eight upper-case letters, digits, + or -.',
  },

  // Rules
  RULE_SUBJECT_FORBIDDEN: {
    zh: '任何规则都不得对此类事项计分：{about}。',
    en: 'No rule may score this: {about}.',
  },
  SUBJECT_KIND_UNKNOWN: {
    zh: '本方案的对象（subject_kinds）里没有“{about}”。',
    en: 'The scheme has no subjects of the kind "{about}" (subject_kinds).',
  },
  LADDER_NOT_RISING: {
    zh: '阶梯必须逐级升高：数量和分值都要大于上一级。',
    en: 'The steps do not rise: each needs a higher amount and more points than the one before.',
  },
  BRACKET_EMPTY: { zh: '这一档的上限小于下限。', en: 'No amount lies in this row: it ends before it begins.' },
  BRACKET_NOT_RISING: {
    zh: '各档必须由低到高、互不重叠。',
    en: 'The rows must rise without overlapping: this one begins before the one above it has ended.',
  },
  BRACKET_OPEN_INSIDE: {
    zh: '只有最后一档可以不写上限。',
    en: 'Only the last row may have no upper end.',
  },
  BRACKET_PER_TOO_LARGE: {
    zh: '这一档里没有任何数量能满一个 per，永远得不到分。',
    en: 'No amount in this row is as large as its per: it would never give a point.',
  },
  RANGE_EMPTY: {
    zh: '最低分必须小于最高分。',
    en: 'The smallest number of points must be below the largest.',
  },
  LABELS_TOO_FEW: {
    zh: '至少要有两个不同的评语，读起来也不能一样。',
    en: 'An inspection needs at least two labels, and no two that read alike.',
  },
  CAP_BELOW_ENTRY: {
    zh: '上限小于一次能得的 {about} 分，规则写的分值永远拿不到。',
    en: 'The cap is below the {about} points of one entry: the rule could never give what it says.',
  },
  OVERRIDE_HAS_NO_POINTS: {
    zh: '直接判级不计分，有效期写在 months 里，不能再写“{about}”。',
    en: 'A direct grade has no points and its own months: "{about}" means nothing here.',
  },
  OVERRIDE_GRADE_UNKNOWN: {
    zh: '直接判定的等级“{about}”不是本方案的等级。',
    en: 'The directly set grade "{about}" is no grade of this scheme.',
  },
  CREDITS_NOT_OF_PERSON: {
    zh: '只有个人的事项才能同时记入家庭或父母。',
    en: 'Only what a person did can be credited to a household or to parents as well.',
  },

  // Metrics
  RULE_UNKNOWN: { zh: '没有编号为“{about}”的规则。', en: 'There is no rule with the id "{about}".' },
  RULE_WITHOUT_LABELS: {
    zh: '规则“{about}”不是评语规则，没有“最近一次评语”。',
    en: 'The rule "{about}" gives no labels, so it has no last label.',
  },
  MEAN_WITHOUT_MEMBERS: {
    zh: '“{about}”没有成员，不能算人均。',
    en: 'A subject of the kind "{about}" has no members to take a mean over.',
  },

  // Gradings
  METRIC_UNKNOWN: { zh: '没有编号为“{about}”的指标。', en: 'There is no metric with the id "{about}".' },
  METRIC_NOT_A_NUMBER: {
    zh: '指标“{about}”的结果是评语，不是数，不能分段或比较。',
    en: 'The metric "{about}" gives a label, not a number to compare.',
  },
  METRIC_NOT_A_LABEL: {
    zh: '指标“{about}”的结果是数，不是评语。',
    en: 'The metric "{about}" gives a number, not a label.',
  },
  LABELS_NOT_OF_RULE: {
    zh: '等级顺序必须恰好包含规则“{about}”的全部评语。',
    en: 'The order must name exactly the labels of the rule "{about}".',
  },
  GRADE_DUPLICATE: { zh: '等级“{about}”出现了两次。', en: 'The grade "{about}" stands twice.' },
  BAND_EMPTY: { zh: '没有任何分数落在这一段。', en: 'No score lies in this row.' },
  BANDS_GAP: {
    zh: '这一段与上一段之间有空隙：有的分数没有等级。',
    en: 'There are scores between this row and the one above it that have no grade.',
  },
  BANDS_OVERLAP: {
    zh: '这一段与上一段重叠：有的分数有两个等级。',
    en: 'There are scores that lie both in this row and in the one above it.',
  },
  BANDS_NOT_COVERING: {
    zh: '最高等级不能写上限（lt），最低等级不能写下限（ge）。',
    en: 'The highest grade must be open upwards (no lt), the lowest open downwards (no ge).',
  },
  PREDICATE_ALWAYS: {
    zh: '这项指标从来不低于 {about}，所以人人都符合这个条件。',
    en: 'The metric is never below {about}, so everybody meets this condition.',
  },
  PERCENT_BEYOND_HUNDRED: { zh: '百分比不能超过 100。', en: 'There are no more than 100 per cent.' },

  // Exchange and benefits
  BALANCE_NONE: {
    zh: '本方案不兑换（balance: none），不能有这一部分。',
    en: 'Nothing is exchanged under this scheme (balance: none), so it cannot have this part.',
  },
  REDEMPTION_MISSING: {
    zh: '有兑换目录就要写明何时、如何兑换（redemption）。',
    en: 'A catalogue needs to say when and how points are exchanged (redemption).',
  },
  LIMIT_WITHOUT_DAY: {
    zh: '随时可兑（any_time）的店没有兑换日，“{about}”按次（event）限量，分两次来就能多领；请按月、季或年限量。',
    en: 'A shop that sells at any time has no day to count "{about}" by: who comes twice gets it twice. Say month, quarter or year.',
  },
  FUND_UNKNOWN: { zh: '没有编号为“{about}”的基金。', en: 'There is no fund with the id "{about}".' },
  FUND_AWARD_UNCLEAR: {
    zh: '有奖补（award）就要写明来自哪个基金（from），没有就不写；也不能来自自己。',
    en: 'An award comes from another fund named by from; without an award there is no from.',
  },
  BENEFIT_STATUTORY: {
    zh: '法定的基本公共服务人人享有，不得与等级挂钩。',
    en: 'A statutory service is everybody’s right and may not depend on a grade.',
  },
  LENDER_MISSING: {
    zh: '给授信的要写明是哪家机构（provider）：只有它能查询。',
    en: 'Credit needs the name of who lends it (provider): nobody else may ask.',
  },
  GRADING_UNKNOWN: { zh: '没有编号为“{about}”的评级。', en: 'There is no grading with the id "{about}".' },
  BENEFIT_GRADE_UNKNOWN: {
    zh: '“{about}”不是这项评级的等级。',
    en: '"{about}" is no grade of the grading it names.',
  },

  // Publicity
  BLACK_LIST_DAYS: {
    zh: '启用黑榜必须写明天数（days），最多 30 天。',
    en: 'A black list that is turned on must end: days, at most 30.',
  },
  BLACK_LIST_SCOPE: {
    zh: '黑榜只能在村民小组内公示（scope: group）。',
    en: 'A black list is shown in the village group only (scope: group).',
  },
  BLACK_LIST_EXPORTED: {
    zh: '启用黑榜的方案，任何结果都不得带出本地（export: none）。',
    en: 'Nothing leaves the county from a scheme with a black list: export must be none.',
  },

  // Inheritance
  PARENT_UNKNOWN: {
    zh: '找不到上级方案 {about}：把它的文件放在旁边，或者删去 parent，把内容写全。',
    en: 'The parent {about} cannot be found: put its document beside this one, or take parent out and write everything yourself.',
  },
  PARENT_CYCLE: { zh: '上级方案绕回了自己（{about}）。', en: 'The parents lead back to {about}: a circle.' },
  PARENT_FAULTY: {
    zh: '上级方案 {about} 本身有错误，请先改好。',
    en: 'The parent {about} has faults of its own: mend it first.',
  },
  PARENT_TOO_FAR: {
    zh: '上级方案的层数太多（最多 {about} 层）。',
    en: 'There are more than {about} parents above it.',
  },
  OVERRIDE_NOT_ALLOWED: {
    zh: '上级方案没有把“{about}”下放给下级。',
    en: 'The parent does not leave "{about}" to its children (overridable).',
  },
} as const satisfies Readonly<Record<string, Text>>;

/** What may be meant, but should be looked at. */
export const WARNING_TEXTS = {
  NOT_ADOPTED: {
    zh: '这是草案：写明由谁、何时、以何记录通过（adopted_by）之后才能生效。',
    en: 'This is a draft: it takes effect once adopted_by says who adopted it, when, and on what record.',
  },
  NON_CREDIT_SCORED: {
    zh: '评级方案给“{about}”类事项计分。非信用信息不得纳入信用评价（2025 年《意见》）：建议另设文明积分。',
    en: 'A graded scheme scores a matter that is not credit ({about}). The 2025 Opinions keep such matters out of credit evaluation: a scheme of civic points is the place for it.',
  },
  ADVERSE_WITHOUT_END: {
    zh: '扣分没有有效期（validity），又按全部时间累计：不良记录应当有期限。',
    en: 'This deduction never ends: it has no validity and is counted over all time. Adverse records should expire.',
  },
  SECOND_APPROVER_NEVER: {
    zh: '一次最多 {about} 分，永远不会超过这个数：第二个审核人从来用不上。',
    en: 'One entry is worth at most {about} points and never more than this: no second approver will ever be asked.',
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Matters that rules may score, by the names that `forbiddenSubjectOf` and `nonCreditMatterOf` give them. */
const MATTER_WORDS = {
  petitioning: { zh: '信访', en: 'petitioning' },
  belief: { zh: '信仰', en: 'belief' },
  speech: { zh: '言论', en: 'speech' },
  family_planning: { zh: '生育', en: 'family planning' },
  illness: { zh: '疾病', en: 'illness' },
  genes: { zh: '基因', en: 'genes' },
  volunteering: { zh: '志愿服务', en: 'volunteering' },
  hygiene: { zh: '环境卫生', en: 'hygiene' },
  conduct: { zh: '文明行为', en: 'civic conduct' },
} as const satisfies Readonly<Record<ForbiddenSubject | NonCreditMatter, Text>>;

export type SchemeFaultCode = keyof typeof FAULT_TEXTS;
export type SchemeWarningCode = keyof typeof WARNING_TEXTS;

export interface SchemeFinding<Code extends SchemeFaultCode | SchemeWarningCode> {
  readonly code: Code;
  /** Where, as a JSON Pointer (RFC 6901) into the document with what it inherits. */
  readonly path: string;
  /** What it is about, where the place alone does not say it. */
  readonly about?: string;
}

export type SchemeFault = SchemeFinding<SchemeFaultCode>;
export type SchemeWarning = SchemeFinding<SchemeWarningCode>;

/** A fault or warning in one plain sentence. */
export function explainFinding({ code, about }: SchemeFault | SchemeWarning, language: 'zh' | 'en'): string {
  const texts: Readonly<Record<SchemeFaultCode | SchemeWarningCode, Text>> = { ...FAULT_TEXTS, ...WARNING_TEXTS };
  const isMatter = code === 'RULE_SUBJECT_FORBIDDEN' || code === 'NON_CREDIT_SCORED';
  const words = isMatter ? new Map<string | undefined, Text>(Object.entries(MATTER_WORDS)).get(about) : undefined;
  return texts[code][language].replace('{about}', () => words?.[language] ?? about ?? '');
}

/** A fault of the scheme, at a JSON Pointer. */
export function faultAt(code: SchemeFaultCode, path: string, about?: string): SchemeFault {
  return about === undefined ? { code, path } : { code, path, about };
}
