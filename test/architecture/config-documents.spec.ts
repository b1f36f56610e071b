import { describe, expect, it } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { shanghaiDayStart } from '#libs/calendar';
import { lintTable, type EquivalenceTable } from '#libs/equivalence';
import { nodeCrypto } from '#libs/jose-profile/node';
import {
  checkScheme,
  exportedGrading,
  resolveScheme,
  schemeDeclaration,
  type SchemeDocument,
  type WrittenScheme,
} from '#libs/scheme';

type Named = { readonly id: string };
type Agreement = Named & {
  readonly counties: readonly string[];
  readonly schemes: readonly string[];
  readonly partners: readonly string[];
};
type Member = Named & { readonly place: string; readonly statusLists: readonly string[] };
type Partner = Named & { readonly hostCounty: string; readonly sites: readonly Named[] };
type Offer = Named & { readonly partner: string; readonly agreement: string; readonly blackoutDays: readonly string[] };
type Alliance = {
  readonly foundedAt: string;
  readonly organisations: readonly Named[];
  readonly officers: readonly (Named & { readonly organisation: string })[];
  readonly rootKeys: { readonly threshold: number; readonly organisations: readonly string[] };
};

/** Which schema each document of `config/` follows. */
const KINDS = {
  scheme: 'schemes',
  member: 'alliance/members',
  partner: 'alliance/partners',
  agreement: 'alliance/agreements',
  table: 'alliance/tables',
  offer: 'alliance/offers',
} as const;

const read = (file: string): unknown => JSON.parse(readFileSync(`config/${file}`, 'utf8'));
const jsonFiles = (folder: string): string[] =>
  readdirSync(`config/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => `${folder}/${name}`);
const all = <Document>(kind: keyof typeof KINDS): Document[] => jsonFiles(KINDS[kind]).map(read) as Document[];
const ids = (documents: readonly Named[]): string[] => documents.map(({ id }) => id);

const ajv = new Ajv2020({ strict: true, allErrors: true });
const schema = (name: string): ValidateFunction => ajv.compile(read(`schemas/${name}.schema.json`) as object);

const documents: [file: string, kind: string][] = [
  ['alliance/alliance.json', 'alliance'],
  ['population.json', 'population'],
  ['places.json', 'places'],
  ...Object.entries(KINDS).flatMap(([kind, folder]) => jsonFiles(folder).map((file): [string, string] => [file, kind])),
];

describe('every document of config/ is valid against its schema', () => {
  const schemas = new Map([...new Set(documents.map(([, kind]) => kind))].map((kind) => [kind, schema(kind)] as const));

  it.each(documents)('%s', (file, kind) => {
    const validate = schemas.get(kind)!;
    validate(read(file));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('leaves no document and no schema unchecked', () => {
    const files = readdirSync('config', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
    const schemaFiles = [...schemas.keys()].map((kind) => `schemas/${kind}.schema.json`);
    expect(files.toSorted()).toEqual([...documents.map(([file]) => file), ...schemaFiles].toSorted());
  });

  it.each(documents)('refuses a member it does not know: %s', (file, kind) => {
    expect(schemas.get(kind)!({ ...(read(file) as object), keys: [] })).toBe(false);
  });
});

describe('schemes and tables hold beyond their schemas', () => {
  const { foundedAt } = read('alliance/alliance.json') as Alliance;
  /** With what they inherit from the documents of their own county's folder. */
  const schemes = jsonFiles(KINDS.scheme).map((file): { readonly file: string; readonly scheme: SchemeDocument } => {
    const county = path.dirname(file);
    const parents = jsonFiles(county).map((other) => read(other) as WrittenScheme);
    const resolved = resolveScheme(read(file) as WrittenScheme, parents);
    if (!resolved.ok) throw new Error(`${file}: ${JSON.stringify(resolved.faults)}`);
    return { file, scheme: resolved.value };
  });
  const graded = schemes.map(({ scheme }) => scheme).filter((scheme) => exportedGrading(scheme) !== undefined);

  it.each(schemes)('$file is sound (checkScheme), and of the county of its folder', ({ file, scheme }) => {
    expect(checkScheme(scheme)).toEqual([]);
    expect(scheme.place.startsWith(path.basename(path.dirname(file)))).toBe(true);
  });

  it.each(jsonFiles(KINDS.table))('%s passes the lint of a table submitted on the founding day', async (file) => {
    const table = read(file) as EquivalenceTable;
    const scheme = graded.find(({ id }) => id === table.scheme.id)!;
    const declaration = await schemeDeclaration(scheme, 'https://county.example', nodeCrypto);
    const signed = { ...table, scheme: { id: scheme.id, fingerprint: declaration.fingerprint } };
    expect(lintTable(signed, declaration, { submittedAt: shanghaiDayStart(foundedAt) })).toEqual([]);
  });

  it('lets the grades of one scheme leave each county that has a status list, and no other', () => {
    const issuers = all<Member>('member').filter(({ statusLists }) => statusLists.length > 0);
    expect(graded.map(({ place }) => place).toSorted()).toEqual(issuers.map(({ place }) => place).toSorted());
  });
});

describe('the sample alliance refers only to what it holds', () => {
  const members = all<Member>('member');
  const partners = all<Partner>('partner');
  const agreements = all<Agreement>('agreement');
  const offers = all<Offer>('offer');

  it('names each id once, sites included', () => {
    for (const kind of Object.keys(KINDS) as (keyof typeof KINDS)[]) {
      const named = ids(all<Named>(kind));
      expect(new Set(named).size).toBe(named.length);
    }
    const sites = partners.flatMap((partner) => ids(partner.sites));
    expect(new Set(sites).size).toBe(sites.length);
  });

  it('agreements name members, schemes and partners; a partner is hosted by a county of the agreement', () => {
    for (const { counties, schemes, partners: named } of agreements) {
      expect(ids(members)).toEqual(expect.arrayContaining([...counties]));
      expect(ids(all<Named>('scheme'))).toEqual(expect.arrayContaining([...schemes]));
      for (const id of named) expect(counties).toContain(partners.find((partner) => partner.id === id)?.hostCounty);
    }
  });

  it('offers are made by a partner of their agreement', () => {
    for (const { partner, agreement } of offers)
      expect(agreements.find(({ id }) => id === agreement)?.partners).toContain(partner);
  });

  it('officers stand in three organisations, and root keys in as many as the threshold and one more', () => {
    const { organisations, officers, rootKeys } = read('alliance/alliance.json') as Alliance;
    const named = officers.map(({ organisation }) => organisation);
    expect(new Set(named).size).toBeGreaterThanOrEqual(3);
    expect(ids(organisations)).toEqual(expect.arrayContaining([...named, ...rootKeys.organisations]));
    expect(rootKeys.organisations.length).toBeGreaterThan(rootKeys.threshold);
  });

  it("the 如皋 spot is closed on each New Year's Eve (除夕) from 2027 to 2036", () => {
    const eves = offers.filter(({ partner }) => partner === 'rugao-spot').map(({ blackoutDays }) => blackoutDays);
    expect(eves).toHaveLength(2);
    expect(eves[1]).toEqual(eves[0]);
    expect(eves[0]!.map((day) => Number(day.slice(0, 4)))).toEqual(Array.from({ length: 10 }, (_, at) => 2027 + at));
    const off = eves[0]!.filter((day) => !isFirstDayOfChineseYear(shanghaiDayStart(day) + DAY_SECONDS));
    // ICU approximates the moon and may be a day off where it is new within minutes of midnight, as in these two years.
    expect(['2027-02-05', '2030-02-02']).toEqual(expect.arrayContaining(off));
    for (const day of off)
      expect([0, 2].some((days) => isFirstDayOfChineseYear(shanghaiDayStart(day) + days * DAY_SECONDS))).toBe(true);
  });
});

const DAY_SECONDS = 86_400;
const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', {
  month: 'numeric',
  day: 'numeric',
  timeZone: 'Asia/Shanghai',
});

function isFirstDayOfChineseYear(instant: number): boolean {
  const parts = lunar.formatToParts(instant * 1000);
  return ['month', 'day'].every((type) => parts.find((part) => part.type === type)?.value === '1');
}
