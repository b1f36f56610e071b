interface Text {
  readonly zh: string;
  readonly en: string;
}

/** What the lint says of a file before `checkScheme` can: that it cannot be read, is not JSON, or breaks the JSON Schema. */
export const LINT_TEXTS = {
  // The file
  FILE_UNREADABLE: { zh: '文件打不开。', en: 'The file cannot be read.' },
  FILE_NOT_UTF8: {
    zh: '文件不是 UTF-8 编码，请另存为 UTF-8（不带 BOM）。',
    en: 'The file is not in UTF-8: save it as UTF-8 (without BOM).',
  },
  VERSION_TWICE: {
    zh: '同一文件夹里的 {about} 已经是这个方案的这一版：请改 id 或 version。',
    en: '{about} in the same folder is this version of this scheme already: change id or version.',
  },

  // JSON
  JSON_UNEXPECTED: {
    zh: '这里不合 JSON 格式，应当是 {about}。多半是前一行末尾少了逗号，或者最后一项后面多了逗号。',
    en: 'This is not JSON: {about} should stand here. Mostly a comma is missing at the end of the line before, or one stands after the last item.',
  },
  JSON_FULL_WIDTH: {
    zh: '这里用了全角标点“{about}”，JSON 只认半角标点。',
    en: 'The full-width "{about}" stands here; JSON knows only half-width punctuation.',
  },
  JSON_ENDS_EARLY: {
    zh: '文件到这里就完了，还缺 {about}。',
    en: 'The file ends here, but {about} is still missing.',
  },
  JSON_TOO_DEEP: { zh: '括号套得太深。', en: 'The brackets are nested too deeply.' },
  JSON_MEMBER_TWICE: { zh: '“{about}”在这里写了两次。', en: '"{about}" is written twice here.' },

  // The JSON Schema
  MEMBER_MISSING: { zh: '缺少“{about}”。', en: '"{about}" is missing.' },
  MEMBER_UNKNOWN: {
    zh: '这里不能有“{about}”：名称写错了，或者放错了地方。',
    en: '"{about}" is not allowed here: misspelt, or in the wrong place.',
  },
  TYPE_WRONG: { zh: '这里应当是{about}。', en: 'This must be {about}.' },
  VALUE_NOT_LISTED: { zh: '只能是其中之一：{about}。', en: 'This must be one of: {about}.' },
  NUMBER_TOO_SMALL: { zh: '不能小于 {about}。', en: 'This must be at least {about}.' },
  NUMBER_TOO_LARGE: { zh: '不能大于 {about}。', en: 'This must be at most {about}.' },
  TEXT_EMPTY: { zh: '不能是空的。', en: 'This must not be empty.' },
  TEXT_TOO_LONG: { zh: '最多 {about} 个字。', en: 'This must be no longer than {about} characters.' },
  TEXT_FORM_WRONG: { zh: '写法不对，应当是{about}。', en: 'This is written wrongly: it must be {about}.' },
  LIST_TOO_SHORT: { zh: '至少要有 {about} 项。', en: 'There must be at least {about} here.' },
  LIST_TOO_LONG: { zh: '最多 {about} 项。', en: 'There may be at most {about} here.' },
  LIST_REPEATS: { zh: '同一项写了两次。', en: 'The same item is written twice.' },
  NOT_EXACTLY_ONE: {
    zh: '必须恰好写其中一种：{about}。',
    en: 'Exactly one kind must be given: {about}.',
  },
  PARTS_OR_PARENT: {
    zh: '没有上级方案（parent）时，必须写 {about}（可以是空列表）。',
    en: 'Without a parent there must be {about} (lists, empty perhaps).',
  },
} as const satisfies Readonly<Record<string, Text>>;

export type LintCode = keyof typeof LINT_TEXTS;

/** Words that stand in a sentence for what is expected, by their names in the JSON Schema. */
export const WORDS = {
  // Types
  string: { zh: '文字（加双引号）', en: 'text, in quotation marks' },
  integer: { zh: '整数', en: 'a whole number' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
  object: { zh: '一组成员（花括号）', en: 'an object, in braces' },
  array: { zh: '列表（方括号）', en: 'a list, in square brackets' },
  // Forms
  id: {
    zh: '编号：小写字母、数字和连字符，以字母或数字开头，最多 48 个字符',
    en: 'an id: lower-case letters, digits and hyphens, beginning with a letter or digit, at most 48 characters',
  },
  day: { zh: '日期，如 2026-03-01', en: 'a day like 2026-03-01' },
  place: {
    zh: '地点登记册里的编号：区划代码，必要时加“-”和拼音',
    en: 'the id of a place: its GB/T 2260 code, or its parent’s and a name in letters behind a hyphen',
  },
  overridable: { zh: '部分名，如 rules、rules/编号 或 rules/+', en: 'a part such as rules, rules/<id> or rules/+' },
  label_zh: { zh: '中文名称，至少有一个汉字', en: 'words in Chinese, at least one character' },
  rate_percent: { zh: '百分数，如 "3.85"', en: 'a percentage such as "3.85"' },
} as const satisfies Readonly<Record<string, Text>>;
