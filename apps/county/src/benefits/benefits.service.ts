import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { type Benefit, subjectOf, type SubjectKind } from '#libs/scheme';
import { AuditTrail, type Staff, staffCovers } from '#libs/staff';
import { gradingName, heldGrade, reaches } from '../assessment/current-grade.js';
import { Places } from '../places/places.service.js';
import type { PlaceTree } from '../places/place-tree.js';
import { onceUnderKey } from '../redemption/once-under-key.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import type { SchemeVersion } from '../schemes/scheme-version.js';
import { belongsSql } from '../subjects/belongs-sql.js';
import { subjectsByHandle } from '../subjects/find-subjects.js';
import type { SubjectEntity } from '../subjects/subject.entity.js';

export interface AskedCheck {
  readonly key: string;
  readonly scheme: string;
  /** Id of a benefit of the scheme. */
  readonly benefit: string;
  /** Handle. */
  readonly subject: string;
  /** The resident's written consent, by the number of the paper. */
  readonly consent?: { readonly document: string };
}

type Requiring<Kind extends string> = Extract<Benefit['requires'], Readonly<Record<Kind, unknown>>>;

/** Says whether somebody is given a benefit, to who provides it: yes or no, and nothing else. */
@Injectable()
export class Benefits {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
  ) {}

  /** @throws GatewayError ENTRY_SCHEME_UNKNOWN, PLACE_OUT_OF_SCOPE */
  async list(scheme: string, staff: Staff): Promise<readonly Benefit[]> {
    const { document } = await this.versionFor(scheme, staff, await this.places.tree());
    return document.benefits ?? [];
  }

  /**
   * Whether a subject is given a benefit today, told to whoever provides it: the organisation that the document names, or where
   * it names none any provider of the place. No reason, no grade: an unknown handle, a lower grade and no assessment are one
   * answer. Every check is on record; the same request again is answered the same.
   * @throws GatewayError ENTRY_SCHEME_UNKNOWN, PLACE_OUT_OF_SCOPE, BENEFIT_UNKNOWN, BENEFIT_OF_ANOTHER, KEY_REUSED; CONSENT_MISSING
   *   for credit without the resident's written consent
   */
  async check(asked: AskedCheck, staff: Staff): Promise<{ readonly given: boolean }> {
    const { key, scheme, benefit: id, subject: handle, consent } = asked;
    const tree = await this.places.tree();
    const version = await this.versionFor(scheme, staff, tree);
    const benefit = version.document.benefits?.find((each) => each.id === id);
    if (benefit === undefined) throw new GatewayError('BENEFIT_UNKNOWN');
    const { provider = staff.organisation } = benefit;
    if (provider !== staff.organisation) throw new GatewayError('BENEFIT_OF_ANOTHER');
    // A lender learns nothing that the resident has not agreed to in writing (domain G10).
    if ('credit_tier' in benefit.effect && consent === undefined) throw new GatewayError('CONSENT_MISSING');
    const now = this.clock.now();
    const request = { key, kind: 'benefit-check', content: asked, now, by: staff.username };
    return this.database.transaction((manager) =>
      onceUnderKey(manager, request, async () => {
        const subject = (await subjectsByHandle(manager, [handle])).get(handle);
        const given = subject !== undefined && (await this.isGiven(manager, subject, { benefit, version, tree }));
        const detail = { scheme, benefit: id, given, consent: consent?.document ?? null };
        const target = subject?.handle ?? handle;
        await this.audit.record(manager, { actor: staff.username, action: 'benefit.checked', target, detail });
        return { given };
      }),
    );
  }

  private async versionFor(scheme: string, staff: Staff, tree: PlaceTree): Promise<SchemeVersion> {
    const version = (await this.schemes.book()).inForce(scheme, this.schemes.today());
    if (version === undefined) throw new GatewayError('ENTRY_SCHEME_UNKNOWN');
    if (!staffCovers(staff, version.document.place, tree)) throw new GatewayError('PLACE_OUT_OF_SCOPE');
    return version;
  }

  private async isGiven(
    manager: EntityManager,
    subject: SubjectEntity,
    {
      benefit,
      version,
      tree,
    }: { readonly benefit: Benefit; readonly version: SchemeVersion; readonly tree: PlaceTree },
  ): Promise<boolean> {
    if (subject.endedOn !== null || !tree.isWithin(subject.place, version.document.place)) return false;
    const today = shanghaiDay(this.clock.now());
    const { requires } = benefit;
    return 'grade' in requires
      ? hasGrade(manager, subject, version, requires, today)
      : isHelped(manager, subject, requires, today);
  }
}

/** By the grade of the subject, or of a household or the like to which it belongs where those are graded. */
async function hasGrade(
  manager: EntityManager,
  subject: SubjectEntity,
  version: SchemeVersion,
  { grade: { grading: id, at_least: atLeast } }: Requiring<'grade'>,
  today: string,
): Promise<boolean> {
  const { document } = version;
  const grading = document.gradings.find((each) => each.id === id);
  const kind = grading && subjectOf(document, grading);
  if (grading === undefined || kind === undefined) return false;
  for (const whose of await subjectsOfKind(manager, subject, kind, today)) {
    const held = await heldGrade(manager, whose, gradingName(document, grading), today);
    if (held !== undefined && version.made(held) && reaches(grading, held.grade, atLeast)) return true;
  }
  return false;
}

/**
 * By age or need; points are never looked at. With only the year of birth known, an age is reached with the year: nobody who is
 * seventy waits for it. A household's need is its members'.
 */
async function isHelped(
  manager: EntityManager,
  subject: SubjectEntity,
  { any_of: reasons }: Requiring<'any_of'>,
  today: string,
): Promise<boolean> {
  const { birthYear } = subject;
  const age = birthYear === null ? -1 : Number(today.slice(0, 4)) - birthYear;
  if (reasons.some((reason) => 'age' in reason && age >= reason.age)) return true;
  const needs = reasons.flatMap((reason) => ('need' in reason ? [reason.need] : []));
  const households = await subjectsOfKind(manager, subject, 'household', today);
  const found = await manager.query<readonly unknown[]>(
    `SELECT FROM subject_need WHERE subject_id = ANY($1) AND need = ANY($2) AND voided_at IS NULL
      AND from_day <= $3 AND (to_day IS NULL OR to_day >= $3) LIMIT 1`,
    [[subject.id, ...households], needs, today],
  );
  return found.length > 0;
}

/** The subject itself if it is of the kind, else what it belongs to today. */
async function subjectsOfKind(
  manager: EntityManager,
  { id, kind }: SubjectEntity,
  asked: SubjectKind,
  today: string,
): Promise<readonly string[]> {
  if (kind === asked) return [id];
  const belongs = belongsSql({ member: '$1::uuid', of: 'subject.id', day: '$3::date' });
  const rows = await manager.query<readonly { readonly id: string }[]>(
    `SELECT id FROM subject WHERE kind = $2 AND ended_on IS NULL AND ${belongs}`,
    [id, asked, today],
  );
  return rows.map((row) => row.id);
}
