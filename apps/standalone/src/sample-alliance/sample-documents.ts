import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadDocument, loadDocuments, type JsonSchema } from '#libs/platform';
import type { AgreementPayload, MemberPayload, OfferPayload, PartnerPayload, TablePayload } from '#libs/alliance';

/** A document as it stands in `config/`: without `type` and key material, which are added when it is signed, with its source. */
type Written<Payload, Added extends keyof Payload = never> = Omit<Payload, 'type' | Added> & {
  readonly source: string;
};

export interface WrittenPartner extends Omit<Written<PartnerPayload, 'keys'>, 'sites'> {
  readonly sites: readonly (PartnerPayload['sites'][number] & { readonly lanes: readonly string[] })[];
}

/** A table names its scheme by id; the fingerprint is the one the county declared. */
export interface WrittenTable extends Omit<Written<TablePayload>, 'scheme'> {
  readonly scheme: { readonly id: string };
}

export interface AllianceDocument {
  readonly id: string;
  readonly foundedAt: string;
  readonly officers: readonly { readonly id: string; readonly organisation: string; readonly title_zh: string }[];
  readonly rootKeys: { readonly threshold: number; readonly organisations: readonly string[] };
}

/** The sample alliance of `config/`, checked against its schemas. */
export interface SampleDocuments {
  readonly alliance: AllianceDocument;
  readonly members: readonly Written<MemberPayload, 'keys'>[];
  readonly partners: readonly WrittenPartner[];
  readonly agreements: readonly Written<AgreementPayload>[];
  readonly tables: readonly WrittenTable[];
  readonly offers: readonly Written<OfferPayload>[];
}

/** @throws GatewayError CONFIG_DOCUMENT_INVALID naming the file and the path of every fault in it */
export async function loadSampleDocuments(configFolder: string): Promise<SampleDocuments> {
  const schema = async (name: string): Promise<JsonSchema> =>
    JSON.parse(await readFile(path.join(configFolder, 'schemas', `${name}.schema.json`), 'utf8')) as JsonSchema;
  const all = async <T>(folder: string, name: string): Promise<readonly T[]> =>
    loadDocuments<T>(path.join(configFolder, 'alliance', folder), await schema(name));
  return {
    alliance: await loadDocument(path.join(configFolder, 'alliance', 'alliance.json'), await schema('alliance')),
    members: await all('members', 'member'),
    partners: await all('partners', 'partner'),
    agreements: await all('agreements', 'agreement'),
    tables: await all('tables', 'table'),
    offers: await all('offers', 'offer'),
  };
}

/** What is signed: the document without the note where its numbers come from. */
export function withoutSource<Document extends { readonly source: string }>(
  document: Document,
): Omit<Document, 'source'> {
  const { source, ...signed } = document;
  if (source === '') throw new RangeError('every document of config/ says where its numbers come from');
  return signed;
}

/** The short name of a member, from its entity id: `https://rongcheng.example` is `rongcheng`. */
export function shortName(entityId: string): string {
  return new URL(entityId).hostname.split('.')[0]!;
}
