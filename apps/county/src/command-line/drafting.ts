import { readFile } from 'node:fs/promises';
import type { SimulationAnswer } from '../assessment/simulations.dto.js';
import type { AdoptionRequest, KeptDraftAnswer, SchemeAnswer } from '../schemes/schemes.dto.js';
import type { CountyOffice } from './county-office.js';
import type { Say } from './languages.js';
import { calledFrom } from './lint.js';

/** Hands a document in as a draft, in the place of an earlier draft of the same version. */
export async function keepDraft(office: CountyOffice, file: string, say: Say): Promise<void> {
  const document: unknown = JSON.parse(await readFile(calledFrom(file), 'utf8'));
  const { id, version } = await office.post<KeptDraftAnswer>('/v1/admin/schemes/drafts', { document });
  console.log(
    say.inOneLine({ zh: `草案已保存：${id} 第 ${version} 版`, en: `kept as a draft: ${id} version ${version}` }),
  );
}

/** Shows what a draft would make of a period's entries, beside what holds today. */
export async function simulate(
  office: CountyOffice,
  [id, version, period]: readonly [string, string, string],
  say: Say,
): Promise<void> {
  const route = `/v1/admin/schemes/drafts/${id}/versions/${version}/simulations`;
  const { gradings, metrics, moves, withoutRule } = await office.post<SimulationAnswer>(route, { period });
  if (metrics.length === 0)
    console.log(say.inOneLine({ zh: `${period} 没有可试算的人或户`, en: `nobody to try it on in ${period}` }));
  for (const { id: metric, subjects, sumNow, sumDraft } of metrics) {
    const [now, draft] = [fraction(sumNow), fraction(sumDraft)];
    console.log(
      say.inOneLine({
        zh: `指标 ${metric}：${subjects} 个对象，合计 现行 ${now}，草案 ${draft}`,
        en: `metric ${metric}: ${subjects} subjects, sum now ${now}, draft ${draft}`,
      }),
    );
  }
  for (const { id: grading, now, draft, moved } of gradings) {
    for (const grade of new Set([...Object.keys(now), ...Object.keys(draft)])) {
      const [before, after] = [now[grade] ?? 0, draft[grade] ?? 0];
      console.log(
        say.inOneLine({
          zh: `${grading} ${grade}：现行 ${before}，草案 ${after}`,
          en: `${grading} ${grade}: now ${before}, draft ${after}`,
        }),
      );
    }
    for (const { from, to, n } of moved) console.log(`  ${from ?? '—'} → ${to ?? '—'}: ${n}`);
  }
  for (const { subject, grading, from, to } of moves)
    console.log(`  ${subject}  ${grading}: ${from ?? '—'} → ${to ?? '—'}`);
  for (const { rule, entries } of withoutRule)
    console.log(
      say.inOneLine({
        zh: `草案没有规则 ${rule}，${entries} 条记录不再计分`,
        en: `the draft has no rule ${rule}: ${entries} entries would count for nothing`,
      }),
    );
}

/** Records that a draft was adopted: who decided, when, and where that is kept. */
export async function adopt(
  office: CountyOffice,
  [id, version]: readonly [string, string],
  adoption: AdoptionRequest,
  say: Say,
): Promise<void> {
  const route = `/v1/admin/schemes/drafts/${id}/versions/${version}/adoption`;
  const { from, digest } = await office.post<SchemeAnswer>(route, adoption);
  console.log(
    say.inOneLine({
      zh: `已通过：${id} 第 ${version} 版，自 ${from} 起执行，摘要 ${digest}`,
      en: `adopted: ${id} version ${version}, in force from ${from}, digest ${digest}`,
    }),
  );
}

function fraction(sum: SimulationAnswer['metrics'][number]['sumNow']): string {
  if (sum === null) return '—';
  return sum.den === '1' ? sum.num : `${sum.num}/${sum.den}`;
}
