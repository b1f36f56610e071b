import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { WrittenScheme } from '#libs/scheme';
import { lintFile, type LintFinding } from '../schemes/lint/lint-file.js';
import type { Language, Say } from './languages.js';

/** npm starts scripts in the project's folder, and says from where it was called. */
export function calledFrom(file: string): string {
  return path.resolve(process.env['INIT_CWD'] ?? '', file);
}

/** Explains every fault and warning of scheme documents. @returns whether there was no fault */
export async function lint(files: readonly string[], say: Say): Promise<boolean> {
  const schema = path.join(process.env['SCHEMAS_FOLDER'] ?? 'config/schemas', 'scheme.schema.json');
  const ajv = new Ajv2020({ strict: true, allErrors: true, verbose: true });
  const follows = ajv.compile<WrittenScheme>(JSON.parse(await readFile(schema, 'utf8')) as object);
  let faults = 0;
  for (const name of files) {
    const findings = await lintFile(calledFrom(name), follows);
    const wrong = findings.filter(({ severity }) => severity === 'fault').length;
    const other = findings.length - wrong;
    const summary = { zh: `错误：${wrong}，提醒：${other}`, en: `faults: ${wrong}, warnings: ${other}` };
    console.log(`${name}: ${say.inOneLine(summary)}`);
    for (const finding of findings) console.log(lines(finding, say));
    faults += wrong;
  }
  return faults === 0;
}

function lines(finding: LintFinding, say: Say): string {
  const { severity, line, column, path: pointer, code, inherited } = finding;
  const words: Readonly<Record<Language, string>> = {
    zh: `${severity === 'fault' ? '错误' : '提醒'}：${inherited === undefined ? '' : `（继承自上级方案的 ${inherited}）`}${finding.zh}`,
    en: `${severity}: ${inherited === undefined ? '' : `(inherited ${inherited}) `}${finding.en}`,
  };
  const place = `  ${line}:${column}  ${pointer === '' ? '/' : pointer}  [${code}]`;
  return [place, ...say.each(words).map((text) => `    ${text}`)].join('\n');
}
