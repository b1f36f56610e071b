import { readFileSync } from 'node:fs';

/** The variables of an env file as docker compose reads it: `NAME=value` lines, `#` comments. */
export function readEnvFile(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const assignments = lines.filter((line) => /^[A-Z_]+=/.test(line));
  return Object.fromEntries(
    assignments.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
