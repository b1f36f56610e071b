import type { DocumentType, PayloadOf, SuitedKey } from '#libs/alliance';
import { seriesOf } from './document-series.js';

interface Standing<Type extends DocumentType> {
  readonly type: Type;
  readonly digest: string;
  readonly payload: PayloadOf[Type];
  readonly isPublished: boolean;
  /** One officer has suspended it. */
  readonly isSuspended: boolean;
  /** Thumbprints of the keys whose signatures are filed. */
  readonly signedBy: readonly string[];
}

/** A document that has all its signatures, published or about to be. */
export type StandingDocument = { readonly [Type in DocumentType]: Standing<Type> }[DocumentType];

export type OwnerPayload = PayloadOf['member' | 'partner'];

export interface Officer {
  readonly organisation: string;
  readonly key: SuitedKey;
}

/** Keys that have their purpose by anchor or delegation, by thumbprint. */
export interface DelegatedKeys {
  readonly officers: ReadonlyMap<string, Officer>;
  /** Roots, officers and online: none may be a member's or partner's. */
  readonly all: ReadonlySet<string>;
}

/**
 * What the alliance will say after its next round, as far as it is settled: the newest complete version of everything. New
 * documents are checked against it, and signers are found in it. As it was at one moment of a transaction.
 */
export class StandingDocuments {
  private readonly newest = new Map<string, StandingDocument>();
  private readonly newestPublished = new Map<string, StandingDocument>();
  private readonly tables: StandingDocument[] = [];
  private readonly schemeOwners = new Map<string, string>();

  /** @param owners every member and partner that was ever complete, in all their versions */
  constructor(
    readonly delegated: DelegatedKeys,
    readonly owners: readonly OwnerPayload[],
  ) {}

  /** Adds a document: what it rests on first, and earlier versions before later ones. */
  add(document: StandingDocument): void {
    const { payload } = document;
    this.newest.set(seriesOf(payload), document);
    if (document.isPublished) this.newestPublished.set(seriesOf(payload), document);
    if (payload.type === 'table') this.tables.push(document);
    if (payload.type === 'scheme') this.schemeOwners.set(payload.id, payload.member);
  }

  /** The newest of every series, and of tables every version: an earlier one serves until the next one starts. */
  forNextRound(): readonly StandingDocument[] {
    const others = [...this.newest.values()].filter(({ type }) => type !== 'table');
    return [...others, ...this.tables];
  }

  /** What a document that the next round would publish follows, if that is suspended: the suspension then holds for it too. */
  suspendedBefore({ payload, isPublished }: StandingDocument): StandingDocument | undefined {
    const before = isPublished ? undefined : this.newestPublished.get(seriesOf(payload));
    return before?.isSuspended === true ? before : undefined;
  }

  newestOf(series: string): StandingDocument | undefined {
    return this.newest.get(series);
  }

  member(id: string) {
    return only('member', this.newest.get(`member ${id}`));
  }

  partner(id: string) {
    return only('partner', this.newest.get(`partner ${id}`));
  }

  agreement(id: string) {
    return only('agreement', this.newest.get(`agreement ${id}`));
  }

  scheme(id: string, fingerprint: string) {
    return only('scheme', this.newest.get(`scheme ${id} ${fingerprint}`));
  }

  /** The member whose scheme it is, under whatever fingerprint. */
  ownerOfScheme(id: string): string | undefined {
    return this.schemeOwners.get(id);
  }

  newestTable(schemeId: string, fingerprint: string) {
    return only('table', this.newest.get(`table ${schemeId} ${fingerprint}`));
  }
}

function only<Type extends DocumentType>(
  type: Type,
  document: StandingDocument | undefined,
): Extract<StandingDocument, { readonly type: Type }> | undefined {
  return document !== undefined && isOf(type, document) ? document : undefined;
}

function isOf<Type extends DocumentType>(
  type: Type,
  document: StandingDocument,
): document is Extract<StandingDocument, { readonly type: Type }> {
  return document.type === type;
}
