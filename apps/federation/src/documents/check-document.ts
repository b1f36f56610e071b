import type { KeyStatus } from '#libs/alliance';
import { lintTable } from '#libs/equivalence';
import { jwkThumbprint, type CryptoPort } from '#libs/jose-profile';
import type { ErrorCode, FieldFault } from '#libs/platform';
import type { SchemeDeclaration } from '#libs/scheme';
import { seriesOf, versionOf, type DocumentPayload } from './document-series.js';
import type { StandingDocuments } from './standing-documents.js';

/** Why a document may not be submitted, or not become complete. */
export interface DocumentFault {
  readonly code: Extract<
    ErrorCode,
    | 'DOCUMENT_REFERENCE_MISSING'
    | 'DOCUMENT_OVERTAKEN'
    | 'KEY_SHARED'
    | 'STATUS_LIST_SHARED'
    | 'KEY_ORDER_WRONG'
    | 'SCHEME_OF_ANOTHER_MEMBER'
    | 'LINT_FAILED'
  >;
  readonly fields: readonly FieldFault[];
}

type PayloadOfType<Type extends DocumentPayload['type']> = Extract<DocumentPayload, { readonly type: Type }>;

/**
 * Checks what the form alone cannot show: that what a document refers to stands, that its version is new, that its keys are
 * and status lists nobody else's, and for a table the whole lint.
 * @param submittedAt when it was submitted, Unix seconds: the notice of a table counts from then
 */
export async function checkDocument(
  payload: DocumentPayload,
  standing: StandingDocuments,
  submittedAt: number,
  port: CryptoPort,
): Promise<DocumentFault | undefined> {
  return (
    checkReferences(payload, standing) ??
    (payload.type === 'table' ? lint(payload, standing, submittedAt) : checkVersion(payload, standing)) ??
    checkStatusLists(payload, standing) ??
    (await checkKeys(payload, standing, port))
  );
}

function checkReferences(payload: DocumentPayload, standing: StandingDocuments): DocumentFault | undefined {
  const paths = missingReferences(payload, standing);
  if (paths.length > 0)
    return refuse('DOCUMENT_REFERENCE_MISSING', paths, 'no complete document of this id is filed here');
  if (payload.type !== 'scheme') return undefined;
  const owner = standing.ownerOfScheme(payload.id);
  return owner === undefined || owner === payload.member
    ? undefined
    : refuse('SCHEME_OF_ANOTHER_MEMBER', ['/id'], 'another member has declared this scheme');
}

function missingReferences(payload: DocumentPayload, standing: StandingDocuments): readonly string[] {
  switch (payload.type) {
    case 'member':
      return [];
    case 'partner':
      return standing.member(payload.hostCounty) ? [] : ['/hostCounty'];
    case 'scheme':
      return standing.member(payload.member) ? [] : ['/member'];
    case 'agreement':
      return [
        ...unknownIn('/counties', payload.counties, (id) => standing.member(id)),
        ...unknownIn('/schemes', payload.schemes, (id) => standing.ownerOfScheme(id)),
        ...unknownIn('/partners', payload.partners, (id) => standing.partner(id)),
      ];
    case 'table':
      return standing.scheme(payload.scheme.id, payload.scheme.fingerprint) ? [] : ['/scheme'];
    case 'offer': {
      const agreement = standing.agreement(payload.agreement);
      const partner = standing.partner(payload.partner);
      if (agreement === undefined || partner === undefined)
        return [...(partner ? [] : ['/partner']), ...(agreement ? [] : ['/agreement'])];
      return agreement.payload.partners.includes(payload.partner) ? [] : ['/agreement'];
    }
    default:
      return payload satisfies never;
  }
}

function unknownIn(path: string, ids: readonly string[], find: (id: string) => unknown): readonly string[] {
  return ids.flatMap((id, index) => (find(id) === undefined ? [`${path}/${index}`] : []));
}

/** Gates refuse an older version, and a version that changes its meaning. */
function checkVersion(payload: DocumentPayload, standing: StandingDocuments): DocumentFault | undefined {
  const newest = standing.newestOf(seriesOf(payload));
  return newest === undefined || versionOf(newest.payload) < versionOf(payload)
    ? undefined
    : refuse('DOCUMENT_OVERTAKEN', ['/version'], 'this version or a later one is complete already');
}

function lint(
  table: PayloadOfType<'table'>,
  standing: StandingDocuments,
  submittedAt: number,
): DocumentFault | undefined {
  const { id, fingerprint } = table.scheme;
  const scheme = standing.scheme(id, fingerprint);
  if (scheme === undefined) return refuse('DOCUMENT_REFERENCE_MISSING', ['/scheme'], 'not declared');
  const previous = standing.newestTable(id, fingerprint);
  const faults = lintTable(table, scheme.payload as SchemeDeclaration, {
    submittedAt,
    ...(previous === undefined ? {} : { previous: previous.payload, previousSuspended: previous.isSuspended }),
  });
  if (faults.length === 0) return undefined;
  return {
    code: 'LINT_FAILED',
    fields: faults.map(({ code, path, message }) => ({ path, message: `${code}: ${message}` })),
  };
}

/** Every status list has one member: a gate asks that member's key for it. */
function checkStatusLists(payload: DocumentPayload, standing: StandingDocuments): DocumentFault | undefined {
  if (payload.type !== 'member') return undefined;
  const taken = new Set<string>();
  for (const other of standing.forNextRound())
    if (other.type === 'member' && other.payload.id !== payload.id)
      for (const uri of other.payload.statusLists) taken.add(uri);
  const shared = payload.statusLists.flatMap((uri, index) => (taken.has(uri) ? [`/statusLists/${index}`] : []));
  return shared.length > 0 ? refuse('STATUS_LIST_SHARED', shared, 'another member lists it') : undefined;
}

/** Every key has one purpose and one owner in the whole alliance (design §4), for ever, and what was compromised stays so. */
async function checkKeys(
  payload: DocumentPayload,
  standing: StandingDocuments,
  port: CryptoPort,
): Promise<DocumentFault | undefined> {
  if (payload.type !== 'member' && payload.type !== 'partner') return undefined;
  const taken = new Set(standing.delegated.all);
  const purposes = new Map<string, string>();
  const compromised = new Set<string>();
  for (const version of standing.owners)
    for (const { jwk, purpose, status } of version.keys) {
      const kid = await jwkThumbprint(jwk, port);
      if (seriesOf(version) === seriesOf(payload)) purposes.set(kid, purpose);
      else taken.add(kid);
      if (status === 'compromised') compromised.add(kid);
    }
  const shared: string[] = [];
  const changed: string[] = [];
  for (const [index, { jwk, purpose, status }] of payload.keys.entries()) {
    const kid = await jwkThumbprint(jwk, port);
    if (taken.has(kid)) shared.push(`/keys/${index}`);
    const isBack = compromised.has(kid) && status !== 'compromised';
    if (isBack || (purposes.get(kid) ?? purpose) !== purpose) changed.push(`/keys/${kid}`);
  }
  if (shared.length > 0) return refuse('KEY_SHARED', shared, 'somebody else has this key, or had it');
  if (changed.length > 0) return refuse('KEY_ORDER_WRONG', changed, 'had another purpose, or was compromised');
  return checkKeyOrder(
    payload,
    payload.type === 'member' ? standing.member(payload.id) : standing.partner(payload.id),
    port,
  );
}

/** What a key may be in the next version. It is left out only after it was retired: what it signed needs it until then. */
const MAY_BECOME: Readonly<Record<KeyStatus, readonly (KeyStatus | 'absent')[]>> = {
  active: ['active', 'retired', 'compromised'],
  retired: ['retired', 'compromised', 'absent'],
  compromised: ['compromised', 'absent'],
};

async function checkKeyOrder(
  { keys }: PayloadOfType<'member' | 'partner'>,
  before: { readonly payload: PayloadOfType<'member' | 'partner'> } | undefined,
  port: CryptoPort,
): Promise<DocumentFault | undefined> {
  const now = new Map<string, KeyStatus>();
  for (const { jwk, status } of keys) now.set(await jwkThumbprint(jwk, port), status);
  const wrong: string[] = [];
  for (const { jwk, status } of before?.payload.keys ?? []) {
    const kid = await jwkThumbprint(jwk, port);
    if (!MAY_BECOME[status].includes(now.get(kid) ?? 'absent')) wrong.push(`/keys/${kid}`);
  }
  return wrong.length > 0
    ? refuse('KEY_ORDER_WRONG', wrong, 'not what this key may be after the last version')
    : undefined;
}

function refuse(code: DocumentFault['code'], paths: readonly string[], message: string): DocumentFault {
  return { code, fields: paths.map((path) => ({ path, message })) };
}
