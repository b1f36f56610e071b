import type { AllianceFault } from './alliance-fault.js';
import type { AllianceKey, AnyHeldDocument, HeldDocument } from './alliance-trust.js';

/** The documents of one bundle while they are verified in the order they rest on one another, and afterwards. */
export interface DocumentRegister {
  readonly documents: Map<string, AnyHeldDocument>;
  readonly keys: Map<string, AllianceKey>;
  /** By digest of the owner's document. */
  readonly keysOf: Map<string, readonly AllianceKey[]>;
  readonly members: Map<string, HeldDocument<'member'>>;
  /** The uri of every status list: each is one member's, so that no member can take another's place at it. */
  readonly statusLists: Set<string>;
  readonly partners: Map<string, HeldDocument<'partner'>>;
  readonly schemes: Map<string, HeldDocument<'scheme'>>;
  /** The one member that every fingerprint of a scheme id belongs to. */
  readonly schemeOwners: Map<string, string>;
  readonly agreements: Map<string, HeldDocument<'agreement'>>;
  readonly offers: Map<string, HeldDocument<'offer'>>;
  readonly tables: Map<string, HeldDocument<'table'>[]>;
}

export function emptyRegister(): DocumentRegister {
  return {
    documents: new Map(),
    keys: new Map(),
    keysOf: new Map(),
    members: new Map(),
    statusLists: new Set(),
    partners: new Map(),
    schemes: new Map(),
    schemeOwners: new Map(),
    agreements: new Map(),
    offers: new Map(),
    tables: new Map(),
  };
}

/** Neither part can hold a space. */
export function schemeKey(id: string, fingerprint: string): string {
  return `${id} ${fingerprint}`;
}

/** Enters a document. One version of each (type, id); schemes one per fingerprint, tables one per version of a scheme. */
export function enter(register: DocumentRegister, document: AnyHeldDocument): AllianceFault | undefined {
  register.documents.set(document.digest, document);
  switch (document.type) {
    case 'member':
      return enterOnce(register.members, document.payload.id, document) ?? enterStatusLists(register, document);
    case 'partner':
      return enterOnce(register.partners, document.payload.id, document);
    case 'scheme':
      return enterScheme(register, document);
    case 'agreement':
      return enterOnce(register.agreements, document.payload.id, document);
    case 'offer':
      return enterOnce(register.offers, document.payload.id, document);
    case 'table':
      return enterTable(register, document);
    default:
      return document satisfies never;
  }
}

/**
 * Enters the keys of a member or partner: each has one purpose and one owner in the whole alliance (design §4).
 * @param delegated keys that have their purpose by anchor or delegation
 */
export function enterKeys(
  register: DocumentRegister,
  digest: string,
  keys: readonly AllianceKey[],
  delegated: ReadonlySet<string>,
): AllianceFault | undefined {
  register.keysOf.set(digest, keys);
  for (const key of keys) {
    const { size } = register.keys;
    register.keys.set(key.kid, key);
    if (delegated.has(key.kid) || register.keys.size === size) return 'KEY_SHARED';
  }
  return undefined;
}

/** Sorts every scheme's versions and checks that each is there once and starts later than the one before (design §4.4). */
export function orderTables({
  tables,
}: Pick<DocumentRegister, 'tables'>): { readonly fault: AllianceFault; readonly digest: string } | undefined {
  for (const versions of tables.values()) {
    versions.sort((one, other) => one.payload.version - other.payload.version);
    let before: HeldDocument<'table'> | undefined;
    for (const table of versions) {
      const fault = before && checkStart(table, before);
      if (fault !== undefined) return { fault, digest: table.digest };
      before = table;
    }
  }
  return undefined;
}

function checkStart(
  { payload: table }: HeldDocument<'table'>,
  { payload: before }: HeldDocument<'table'>,
): AllianceFault | undefined {
  if (table.version === before.version) return 'VERSION_AMBIGUOUS';
  return before.effectiveFrom < table.effectiveFrom ? undefined : 'TABLE_ORDER_WRONG';
}

function enterOnce<Document>(
  entries: Map<string, Document>,
  key: string,
  document: Document,
): AllianceFault | undefined {
  const { size } = entries;
  entries.set(key, document);
  return entries.size > size ? undefined : 'VERSION_AMBIGUOUS';
}

function enterStatusLists(
  { statusLists }: DocumentRegister,
  { payload }: HeldDocument<'member'>,
): AllianceFault | undefined {
  for (const uri of payload.statusLists) {
    if (statusLists.has(uri)) return 'STATUS_LIST_SHARED';
    statusLists.add(uri);
  }
  return undefined;
}

function enterScheme(register: DocumentRegister, document: HeldDocument<'scheme'>): AllianceFault | undefined {
  const { id, fingerprint, member } = document.payload;
  const owner = register.schemeOwners.get(id);
  if (owner !== undefined && owner !== member) return 'SCHEME_OWNER_DIFFERS';
  register.schemeOwners.set(id, member);
  return enterOnce(register.schemes, schemeKey(id, fingerprint), document);
}

function enterTable({ tables }: DocumentRegister, document: HeldDocument<'table'>): undefined {
  const { scheme } = document.payload;
  const key = schemeKey(scheme.id, scheme.fingerprint);
  const versions = tables.get(key);
  if (versions === undefined) tables.set(key, [document]);
  else versions.push(document);
}
