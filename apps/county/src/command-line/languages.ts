export type Language = 'zh' | 'en';
type Words = Readonly<Record<Language, string>>;

/** What the tool says, in the languages of whoever called it. */
export class Say {
  private constructor(private readonly languages: readonly Language[]) {}

  /** Both languages where a locale such as `zh_CN.UTF-8` names neither. */
  static in(locale: string): Say {
    if (/^zh/i.test(locale)) return new Say(['zh']);
    return new Say(/^en/i.test(locale) ? ['en'] : ['zh', 'en']);
  }

  /** Whether it speaks one language. */
  get isPlain(): boolean {
    return this.languages.length === 1;
  }

  each(words: Words): readonly string[] {
    return this.languages.map((language) => words[language]);
  }

  inOneLine(words: Words): string {
    return this.each(words).join(' / ');
  }
}
