import type { PayloadOf, SignedType, TablePayload } from '#libs/alliance';
import { lintTable, type TableFaultCode } from '#libs/equivalence';
import type { FieldFault } from '#libs/platform';
import type { SchemeDeclaration } from '#libs/scheme';

/** What this county knows that a decision to sign rests on. */
export interface SigningCounty {
  /** Entity id. */
  readonly id: string;
  /** The declaration this county made of a scheme under this fingerprint. */
  declaration(schemeId: string, fingerprint: string): Promise<SchemeDeclaration | undefined>;
  /** Whether this county has declared the scheme of this digest. */
  hasDeclared(digest: string): Promise<boolean>;
  /** Whether this county has signed for a partner as its host. */
  hosts(partner: string): Promise<boolean>;
}

export type SignableDocument = PayloadOf['table' | 'partner' | 'offer' | 'scheme'];

/** Versions, dates and notice are counted from the submission, which only the federation sees. */
const FOR_THE_FEDERATION: ReadonlySet<TableFaultCode> = new Set([
  'VERSION_NOT_NEXT',
  'EFFECTIVE_FROM_NOT_LATER',
  'NOTICE_TOO_SHORT',
]);

/**
 * Whether a county may sign a document: a table of a scheme it declared, under the fingerprint it declared, without fault
 * (design §4.4); a partner it hosts; an offer of such a partner (docs/wire.md); and again, with a new key, any scheme that it has
 * declared, word for word. Nothing else.
 * @param digest of the payload's canonical bytes
 * @returns the faults by path; none for a document to sign
 */
export async function checkCountersignature(
  payload: PayloadOf[SignedType],
  digest: string,
  county: SigningCounty,
): Promise<readonly FieldFault[]> {
  switch (payload.type) {
    case 'scheme':
      return (await county.hasDeclared(digest))
        ? []
        : [fault('/fingerprint', 'this county has not declared this scheme, as it stands here')];
    case 'table':
      return checkTable(payload, county);
    case 'partner':
      return payload.hostCounty === county.id ? [] : [fault('/hostCounty', 'another county hosts this partner')];
    case 'offer':
      return (await county.hosts(payload.partner))
        ? []
        : [fault('/partner', 'this county has signed for no such partner')];
    case 'anchor':
    case 'delegation':
    case 'round':
    case 'member':
    case 'agreement':
      return [fault('/type', 'a county signs tables, partners, offers and schemes it has declared')];
  }
}

/** Narrows to what `checkCountersignature` may pass. */
export function isSignable(payload: PayloadOf[SignedType]): payload is SignableDocument {
  const { type } = payload;
  return type === 'table' || type === 'partner' || type === 'offer' || type === 'scheme';
}

async function checkTable(table: TablePayload, county: SigningCounty): Promise<readonly FieldFault[]> {
  const declaration = await county.declaration(table.scheme.id, table.scheme.fingerprint);
  if (declaration === undefined)
    return [
      fault('/scheme', 'this county has not declared the scheme under this fingerprint (FINGERPRINT_NOT_DECLARED)'),
    ];
  return lintTable(table, declaration, { submittedAt: 0 })
    .filter(({ code }) => !FOR_THE_FEDERATION.has(code))
    .map(({ code, path, message }) => fault(path, `${message} (${code})`));
}

function fault(path: string, message: string): FieldFault {
  return { path: `/payload${path}`, message };
}
