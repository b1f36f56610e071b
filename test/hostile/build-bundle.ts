import { canonicalJson, decodeBase64url, encodeBase64url, type JsonObject, type JsonValue } from '#libs/jose-profile';
import { docsRoot, headDigest, type SignedDocument } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildToken, editPart } from './build-token.js';
import { editJson } from './edit-json.js';
import { DOCUMENTS, type HostileWorld } from './hostile-world.js';
import { Edits, type Edit } from './recipe.js';
import { asText, valueReader, type ValueReader } from './values.js';

/** A bundle as a mirror serves it, part by part and whole. */
export interface ServedBundle {
  readonly bundle: string;
  /** `{delegation, round, head}`. */
  readonly head: string;
  readonly docsRoot: string;
  /** What the round names; `documents` are what is sent. */
  readonly digests: readonly string[];
  readonly documents: ReadonlyMap<string, string>;
}

interface DocumentPlan {
  readonly type: string;
  readonly payload: JsonObject;
  readonly signers: readonly string[];
}

interface BuiltDocument {
  readonly signed: SignedDocument;
  readonly digest: string;
  readonly payload: JsonObject;
}

const DAY = 86_400;

/**
 * Builds the bundle that an honest federation would publish next, edited: a document that is edited becomes its next version, the
 * new round names what there is then, the head follows it, and everybody who must signs, unless an edit says otherwise. An edited
 * delegation is one of the next epoch.
 * @param turn of a gate that meets bundle after bundle: each has a head of its own, for one whose documents failed is not tried again
 *   at once
 */
export async function buildBundle(recipe: readonly Edit[], world: HostileWorld, turn = 0): Promise<ServedBundle> {
  const edits = Edits.of(recipe);
  const digests = new Map<string, string>();
  const valueOf = valueReader(world, digests);
  const documents = await buildDocuments(recipe, edits, digests, world, valueOf);
  const counted = [...documents.values()].filter(({ isCounted }) => isCounted);
  const named = counted.map(({ digest }) => digest);
  const root = await docsRoot(named, nodeCrypto);
  const anchors = await buildAnchors(edits.take('anchor'), world, valueOf);
  const delegation = await buildDelegation(edits.take('delegation'), anchors.length > 0, world, valueOf);
  digests.set('delegation', delegation.digest);
  const round = await buildRound(edits.take('round'), { delegation, root }, world, valueOf);
  digests.set('round', round.digest);
  const head = await buildHead(edits.take('head'), { delegation, round, turn }, world, valueOf);

  const rotated = anchors.length === 0 ? {} : { anchors: anchors.map(({ signed }) => ({ ...signed })) };
  const parts = { ...rotated, delegation: { ...delegation.signed }, round: { ...round.signed }, head };
  const delivered = [...documents.values()].filter(({ isDelivered }) => isDelivered);
  const whole = { ...parts, documents: delivered.map(({ signed }) => ({ ...signed })) };
  const outer = (value: object): string =>
    editJson(Buffer.from(JSON.stringify(value)), edits.take('bundle'), valueOf).toString('latin1');
  const served = {
    bundle: outer(whole),
    head: outer(parts),
    docsRoot: asText(round.payload['docs_root'] ?? root),
    digests: named,
    documents: new Map(delivered.map(({ digest, signed }) => [digest, JSON.stringify(signed)])),
  };
  edits.checkAllTaken();
  return served;
}

interface Delivered extends BuiltDocument {
  /** Whether the round names it, and whether it is sent. */
  readonly isCounted: boolean;
  readonly isDelivered: boolean;
}

async function buildDocuments(
  recipe: readonly Edit[],
  edits: Edits,
  digests: Map<string, string>,
  world: HostileWorld,
  valueOf: ValueReader,
): Promise<ReadonlyMap<string, Delivered>> {
  const built = new Map<string, Delivered>();
  const whole = { isCounted: true, isDelivered: true };
  for (const [index, signed] of world.base.documents.entries())
    built.set(`${index}`, { ...(await readBack(signed)), ...whole });
  const named = new Map<string, DocumentPlan & { readonly place: string }>();
  for (const [name, { type, signers }] of Object.entries(DOCUMENTS)) {
    const { digest, payload } = await readBack(await world.document(name));
    digests.set(name, digest);
    const place = [...built].find(([, document]) => document.digest === digest)![0];
    named.set(name, { type, payload, signers, place });
  }
  for (const [act, name, original] of recipe)
    if (act === 'copy') named.set(name, { ...named.get(asText(original))!, place: name });
  for (const [name, plan] of named) {
    const own = edits.take(name);
    if (own.isEmpty) continue;
    const isCopy = own.order('copy') !== undefined;
    const isDropped = own.order('drop') !== undefined;
    const isCounted = own.order('smuggle') === undefined && !isDropped;
    const isDelivered = own.order('withhold') === undefined && !isDropped;
    const changed = isCopy || isDropped ? plan : { ...plan, payload: nextVersion(plan.payload) };
    const document = await buildDocument(changed, own, world, valueOf);
    digests.set(name, document.digest);
    built.set(plan.place, { ...document, isCounted, isDelivered });
  }
  return built;
}

/** As an honest owner would change it: the next version. A scheme has none: under one fingerprint it stays as it is. */
function nextVersion(payload: JsonObject): JsonObject {
  const { version } = payload;
  return typeof version === 'number' ? { ...payload, version: version + 1 } : payload;
}

async function buildDocument(
  { type, payload, signers }: DocumentPlan,
  edits: Edits,
  world: HostileWorld,
  valueOf: ValueReader,
): Promise<BuiltDocument> {
  const { signed, shown } = editPart(Buffer.from(canonicalJson(payload)), edits.take('payload'), valueOf);
  const typ = `xinqiao-${type}+jwt`;
  const signing = (edits.order('sign') as readonly string[] | undefined) ?? signers;
  const signatures: string[] = [];
  for (const [index, signer] of signing.entries()) {
    const own = edits.take('signatures').take(`${index}`);
    const token = await buildToken({ typ, payload: signed, signer }, own, world, valueOf);
    signatures.push(token.text);
  }
  const repeated = edits.order('repeat-signature') ?? [];
  if (repeated.length > 0) signatures.push(...Array.from({ length: Number(repeated[0]) }, () => signatures[0]!));
  return readBack({ payload: shown, signatures });
}

/** An edited anchor is a rotation of the roots, signed by old and new ones. */
async function buildAnchors(
  edits: Edits,
  world: HostileWorld,
  valueOf: ValueReader,
): Promise<readonly BuiltDocument[]> {
  if (edits.isEmpty) return [];
  const { version, threshold } = world.anchor;
  const keys = [1, 2, 3].map((number) => {
    const { key, publicJwk } = world.key(`new-root-${number}`);
    return { jwk: { ...publicJwk }, alg: key.suite, organisation: `root-${number}` };
  });
  const payload = { type: 'anchor', version: version + 1, iat: world.now, threshold, keys };
  return [await buildDocument({ type: 'anchor', payload, signers: BOTH_ROOTS }, edits, world, valueOf)];
}

const BOTH_ROOTS = ['root-1', 'root-2', 'new-root-1', 'new-root-2'];

/** With new roots the very same delegation carries the signatures of both. */
async function buildDelegation(
  edits: Edits,
  isRotated: boolean,
  world: HostileWorld,
  valueOf: ValueReader,
): Promise<BuiltDocument> {
  const before = await readBack(world.base.delegation);
  if (isRotated && edits.isEmpty)
    return buildDocument({ type: 'delegation', payload: before.payload, signers: BOTH_ROOTS }, edits, world, valueOf);
  if (edits.isEmpty) return before;
  const epoch = Number(before.payload['epoch']) + 1;
  const plan = { type: 'delegation', payload: { ...before.payload, epoch }, signers: ['root-1', 'root-2'] };
  return buildDocument(plan, edits, world, valueOf);
}

async function buildRound(
  edits: Edits,
  { delegation, root }: { readonly delegation: BuiltDocument; readonly root: string },
  world: HostileWorld,
  valueOf: ValueReader,
): Promise<BuiltDocument> {
  const before = await readBack(world.base.round);
  if (edits.order('keep') !== undefined) return before;
  const { epoch } = delegation.payload;
  const round = Number(before.payload['round']) + 1;
  const payload = { ...before.payload, epoch, round, iat: world.now, exp: world.now + 30 * DAY, docs_root: root };
  return buildDocument({ type: 'round', payload, signers: ['officer-1', 'officer-2'] }, edits, world, valueOf);
}

async function buildHead(
  edits: Edits,
  {
    delegation,
    round,
    turn,
  }: { readonly delegation: BuiltDocument; readonly round: BuiltDocument; readonly turn: number },
  world: HostileWorld,
  valueOf: ValueReader,
): Promise<string> {
  if (edits.order('keep') !== undefined) return world.base.head;
  const { epoch } = delegation.payload;
  const [, part] = world.base.head.split('.');
  const held = JSON.parse(Buffer.from(part!, 'base64url').toString()) as JsonObject;
  const isSameEpoch = epoch === held['epoch'];
  const payload: JsonObject = {
    ...held,
    epoch,
    seq: isSameEpoch ? Number(held['seq']) + 1 : 1,
    prev: isSameEpoch ? await headDigest(world.base.head, nodeCrypto) : '',
    round: round.payload['round'],
    iat: world.now + 1,
    exp: world.now + 7 * DAY - turn,
    docs_root: round.payload['docs_root'],
    suspended: isSame(round.payload, 'round', held) ? held['suspended'] : round.payload['suspended'],
  };
  return (await buildToken({ typ: 'xinqiao-head+jwt', payload, signer: 'online' }, edits, world, valueOf)).text;
}

function isSame(one: JsonObject, member: string, other: JsonObject): boolean {
  return one[member] === other[member];
}

/** What a signed document says, as far as it can be read, and its digest; a payload that is no base64url has one of its text. */
async function readBack(signed: SignedDocument): Promise<BuiltDocument> {
  const bytes = decodeBase64url(signed.payload);
  const digest = encodeBase64url(await nodeCrypto.sha256(bytes ?? signed.payload));
  return { signed, digest, payload: objectIn(bytes ?? new Uint8Array()) };
}

function objectIn(bytes: Uint8Array): JsonObject {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString()) as JsonValue;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}
