import { newestStarted } from '#libs/equivalence';
import {
  fail,
  isSignedBy,
  parseCompactJws,
  pass,
  signCompactJws,
  type CryptoPort,
  type JsonObject,
  type JwsFault,
  type JwsForm,
  type Result,
  type Signer,
  type VerificationKey,
} from '#libs/jose-profile';
import { decide, ENGINE } from './decide.js';
import type { DecisionFacts, Ruled, Rules } from './facts.js';
import type { VerdictCode } from './verdict.js';

const RECEIPT_TYP = 'xinqiao-receipt+jwt';

/** A receipt is our own word and kept for ever, so its bound is a wide one: nothing that was signed may become unreadable. */
const RECEIPT_FORM: JwsForm = {
  typ: RECEIPT_TYP,
  maxChars: 1_500_000,
  bounds: { maxBytes: 1_048_576, maxDepth: 8, maxValues: 1_048_576 },
};

/** A document as a decision saw it. */
export interface RecordedDocument {
  readonly digest: string;
  readonly suspended: boolean;
}

type Role = Exclude<keyof Rules, 'tables'>;
const ROLES: readonly Role[] = ['offer', 'agreement', 'partner', 'member', 'scheme'];

/** Which documents a decision was made under, by role. */
export interface RecordedDocuments extends Partial<Readonly<Record<Role, RecordedDocument>>> {
  /** The one version that could speak: the newest that had started, which a suspended one is, too. None where none had. */
  readonly tables: readonly RecordedDocument[];
}

/** What a receipt records: the inputs of one decision and its verdict (design §4.6). No name, number, key or presentation. */
export interface ReceiptPayload {
  readonly kind: 'decision';
  readonly jti: string;
  readonly iat: number;
  readonly verdict: VerdictCode;
  readonly facts: DecisionFacts;
  readonly documents: RecordedDocuments;
}

/** A later signed record that takes a grant back: frees the quota and settles as a negative count. */
export interface VoidPayload {
  readonly kind: 'void';
  readonly jti: string;
  readonly iat: number;
  readonly voids: string;
}

/** The clerk's decision after a `check_by_hand`: the second signed record (design §4.2, card). */
export interface ClerkDecisionPayload {
  readonly kind: 'clerk_decision';
  readonly jti: string;
  readonly iat: number;
  readonly decides: string;
  readonly decision: 'accepted' | 'declined';
}

export type ReceiptRecord = ReceiptPayload | VoidPayload | ClerkDecisionPayload;

export type Replay =
  /** `agrees` compares with the recorded verdict; a newer engine's different answer is reported, not hidden. */
  | { readonly kind: 'replayed'; readonly engine: string; readonly verdict: VerdictCode; readonly agrees: boolean }
  | { readonly kind: 'documents_missing'; readonly digests: readonly string[] };

/** Notes the documents that a decision on these facts rests on, by digest: however many versions a table has had, one of them. */
export function recordDocuments({ now }: Pick<DecisionFacts, 'now'>, rules: Rules): RecordedDocuments {
  const recorded: { -readonly [Key in Role]?: RecordedDocument } = {};
  for (const role of ROLES) {
    const document = rules[role];
    if (document) recorded[role] = record(document);
  }
  const versions = rules.tables.map((version) => ({ table: version.payload, version }));
  const newest = newestStarted(versions, now);
  return { ...recorded, tables: newest === undefined ? [] : [record(newest.version)] };
}

/**
 * Signs a receipt, or a later record about it, with the gate's key of purpose `receipt`.
 * @throws RangeError for what `readReceipt` would not read: over 1 MB, or deeper than any receipt is
 */
export async function signReceipt(payload: ReceiptRecord, signer: Signer, port: CryptoPort): Promise<string> {
  // Through JSON once, so that members that are `undefined` in memory are absent on the wire.
  const claims = JSON.parse(JSON.stringify(payload)) as JsonObject;
  const token = await signCompactJws(RECEIPT_TYP, claims, signer, port);
  const parsed = parseCompactJws(token, RECEIPT_FORM);
  if (!parsed.ok) throw new RangeError(`a receipt that nobody could read: ${parsed.fault}`);
  return token;
}

/**
 * Reads a receipt back, after checking that the gate's own key signed it.
 * @param keyOf the gate's key of purpose `receipt` by its thumbprint; `undefined` for a key that is not the gate's
 */
export async function readReceipt(
  token: string,
  keyOf: (kid: string) => VerificationKey | undefined | Promise<VerificationKey | undefined>,
  port: CryptoPort,
): Promise<Result<ReceiptRecord, JwsFault | 'RECEIPT_SIGNATURE'>> {
  const parsed = parseCompactJws(token, RECEIPT_FORM);
  if (!parsed.ok) return parsed;
  const { kid, payload } = parsed.value;
  const key = kid === undefined ? undefined : await keyOf(kid);
  if (key === undefined || !(await isSignedBy(parsed.value, key, port))) return fail('RECEIPT_SIGNATURE');
  return pass(asRecord(payload));
}

/**
 * Decides again from what the receipt recorded (design §4.6).
 * @param load a document's payload by digest; `undefined` when it is not kept any more, which is said, never guessed round
 */
export async function replayReceipt(
  receipt: ReceiptPayload,
  load: (digest: string) => Promise<unknown>,
): Promise<Replay> {
  const { documents } = receipt;
  const missing: string[] = [];
  const fetch = async <Payload>(recorded: RecordedDocument | undefined): Promise<Ruled<Payload> | undefined> => {
    if (recorded === undefined) return undefined;
    const payload = await load(recorded.digest);
    if (payload === undefined) missing.push(recorded.digest);
    return { payload: payload as Payload, digest: recorded.digest, isSuspended: recorded.suspended };
  };
  const tables: Rules['tables'][number][] = [];
  for (const recorded of documents.tables) {
    const table = await fetch<Rules['tables'][number]['payload']>(recorded);
    if (table) tables.push(table);
  }
  const rules: Rules = {
    offer: await fetch(documents.offer),
    agreement: await fetch(documents.agreement),
    partner: await fetch(documents.partner),
    member: await fetch(documents.member),
    scheme: await fetch(documents.scheme),
    tables,
  };
  if (missing.length > 0) return { kind: 'documents_missing', digests: missing };
  const { code } = decide(receipt.facts, rules);
  return { kind: 'replayed', engine: ENGINE, verdict: code, agrees: code === receipt.verdict };
}

function record({ digest, isSuspended }: Ruled<unknown>): RecordedDocument {
  return { digest, suspended: isSuspended };
}

/** What the gate's own key signed has the form the gate gave it. */
function asRecord(payload: object): ReceiptRecord {
  return payload as ReceiptRecord;
}
