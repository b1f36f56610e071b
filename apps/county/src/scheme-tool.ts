import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { WrittenScheme } from '#libs/scheme';
import { lintFile, type LintFinding } from './schemes/lint/lint-file.js';

const USAGE = `npm run scheme -- lint [--lang zh-CN|en] FILE...
检查方案文件，逐条说明错误；有错误时退出码为 1，只有提醒时为 0。
Explains every fault of scheme documents; exit code 1 where there is one, 0 where there are warnings only.`;

type Language = 'zh' | 'en';

const call = readCall();
if (call === undefined) console.error(USAGE);
process.exitCode = call === undefined ? 1 : await lint(call.names, call.spoken);

async function lint(names: readonly string[], spoken: readonly Language[]): Promise<0 | 1> {
  const schema = path.join(process.env['SCHEMAS_FOLDER'] ?? 'config/schemas', 'scheme.schema.json');
  const ajv = new Ajv2020({ strict: true, allErrors: true, verbose: true });
  const follows = ajv.compile<WrittenScheme>(JSON.parse(await readFile(schema, 'utf8')) as object);
  let faults = 0;
  for (const name of names) {
    // npm starts scripts in the project's folder, and says from where it was called.
    const findings = await lintFile(path.resolve(process.env['INIT_CWD'] ?? '', name), follows);
    console.log(`${name}: ${summary(findings, spoken)}`);
    for (const finding of findings) console.log(lines(finding, spoken));
    faults += findings.filter(({ severity }) => severity === 'fault').length;
  }
  return faults === 0 ? 0 : 1;
}

function summary(findings: readonly LintFinding[], spoken: readonly Language[]): string {
  const faults = findings.filter(({ severity }) => severity === 'fault').length;
  const warnings = findings.length - faults;
  const words = { zh: `错误：${faults}，提醒：${warnings}`, en: `faults: ${faults}, warnings: ${warnings}` };
  return spoken.map((language) => words[language]).join(' / ');
}

function lines(finding: LintFinding, spoken: readonly Language[]): string {
  const { severity, line, column, path: pointer, code, inherited } = finding;
  const words = {
    zh: `${severity === 'fault' ? '错误' : '提醒'}：${inherited === undefined ? '' : `（继承自上级方案的 ${inherited}）`}${finding.zh}`,
    en: `${severity}: ${inherited === undefined ? '' : `(inherited ${inherited}) `}${finding.en}`,
  };
  const place = `  ${line}:${column}  ${pointer === '' ? '/' : pointer}  [${code}]`;
  return [place, ...spoken.map((language) => `    ${words[language]}`)].join('\n');
}

/** Both languages where neither the option nor LANG names one; `undefined` where the call is not understood. */
function readCall(): { readonly spoken: readonly Language[]; readonly names: readonly string[] } | undefined {
  try {
    const { values, positionals } = parseArgs({ options: { lang: { type: 'string' } }, allowPositionals: true });
    const [command, ...names] = positionals;
    const spoken = spokenIn(values.lang ?? process.env['LANG'] ?? '');
    const isKnown = values.lang === undefined || spoken.length === 1;
    return command === 'lint' && names.length > 0 && isKnown ? { spoken, names } : undefined;
  } catch {
    return undefined;
  }
}

function spokenIn(locale: string): readonly Language[] {
  if (/^zh/i.test(locale)) return ['zh'];
  return /^en/i.test(locale) ? ['en'] : ['zh', 'en'];
}
