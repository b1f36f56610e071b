import { weeklyEpoch } from '#libs/calendar';
import { canonicalJson, encodeBase64url, type JsonObject, type JsonValue } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { COUNTY, VISIT_FEDERATION } from '#libs/testing/alliance';
import { buildToken, editPart } from './build-token.js';
import { editEncoded } from './edit-encoded.js';
import { LIST, type HostileWorld } from './hostile-world.js';
import { Edits, type Edit } from './recipe.js';
import { asText, valueReader, type ValueReader } from './values.js';

/** What a holder must bind a proof to, and the offer asked for. */
export interface Asked {
  readonly audience: string;
  /** Of a session; a rotating code has one of its own. */
  readonly nonce?: string | undefined;
  readonly offer: string;
}

export const AT_THE_GATE: Asked = { audience: 'spot-east', offer: 'free-aa' };

/** A disclosure on its way: what it says, where its digest goes, and whether it is shown. */
interface DisclosurePlan {
  readonly json: JsonValue;
  /** Path of a list of digests in the issuer's payload; `''` for a disclosure that no digest stands for. */
  readonly place: string;
  readonly isShown: boolean;
}

interface BuiltDisclosure extends DisclosurePlan {
  readonly text: string;
  readonly digest: string;
}

/** Other good presentations of the same hour, to take parts from. */
const OTHERS: Readonly<Record<string, readonly Edit[]>> = {
  'other-resident': [
    ['set', 'issuer/payload/cnf/jwk', '$jwk:other-holder'],
    ['sign', 'binding', 'other-holder'],
  ],
  'same-resident': [],
  weaker: [
    ['hide', 'disclosures/AA'],
    ['show', 'disclosures/A'],
  ],
};

/**
 * Builds a presentation that is granted, edited: what a county signs, what a wallet shows of it, what the holder's key signs.
 * Digests go into the payload and `sd_hash` over what is shown, as long as no edit says otherwise.
 */
export async function buildPresentation(
  recipe: readonly Edit[],
  world: HostileWorld,
  asked: Asked = AT_THE_GATE,
): Promise<string> {
  const edits = Edits.of(recipe);
  const digests = new Map<string, string>();
  const valueOf = valueReader(world, digests);
  const disclosures = await buildDisclosures(recipe, edits.take('disclosures'), digests, valueOf);
  const payload = issuerPayload(world, disclosures);
  const plan = { typ: 'dc+sd-jwt', payload, signer: 'county.attest' };
  const issuer = await partOf('issuer', edits, world, asked, async (own) => buildToken(plan, own, world, valueOf));
  const shown = disclosures.filter(({ isShown }) => isShown).map(({ text }) => text);
  const taken = edits.take('disclosures').order('take');
  const sections = taken ? (await otherParts(taken, world, asked)).disclosures : shown;
  const sdJwt = [issuer, ...sections, ''].join('~');
  const { audience: aud, offer, nonce = encodeBase64url(nodeCrypto.randomBytes(16)) } = asked;
  const hash = encodeBase64url(await nodeCrypto.sha256(sdJwt));
  const bound = { typ: 'kb+jwt', payload: { iat: world.now - 2, aud, nonce, offer, sd_hash: hash } };
  const binding = await partOf('binding', edits, world, asked, async (own) =>
    buildToken({ ...bound, signer: 'holder', hasKid: false }, own, world, valueOf),
  );
  const text = editEncoded(sdJwt + binding, edits.take('text'), valueOf);
  edits.checkAllTaken();
  return text;
}

function issuerPayload(world: HostileWorld, disclosures: readonly BuiltDisclosure[]): JsonObject {
  const scheme = world.alliance.plan.schemes[0]!;
  const at = (wanted: string): string[] =>
    disclosures.flatMap(({ place, digest }) => (place === wanted ? [digest] : []));
  return {
    iss: COUNTY,
    ...weeklyEpoch(world.now),
    vct: `${VISIT_FEDERATION}/vct/tier/1`,
    cnf: { jwk: { ...world.key('holder').publicJwk } },
    partner: 'spot',
    status: { status_list: { idx: 7, uri: LIST } },
    scheme: { id: scheme.id, fingerprint: scheme.fingerprint },
    at_least: { _sd: at('at_least/_sd').toSorted() },
    _sd: at('_sd'),
  };
}

/** A good resident's: AA and A held, AAA a decoy, AA shown. */
const HELD: readonly (readonly [label: string, plan: DisclosurePlan])[] = [
  ['A', { json: ['$salt:1', 'A', true], place: 'at_least/_sd', isShown: false }],
  ['AA', { json: ['$salt:2', 'AA', true], place: 'at_least/_sd', isShown: true }],
  ['AAA', { json: ['$salt:3', 'no grade at all', false], place: 'at_least/_sd', isShown: false }],
  ['person', { json: ['$salt:4', 'person', { name: '王*', id_last4: '001X' }], place: '_sd', isShown: false }],
];

async function buildDisclosures(
  recipe: readonly Edit[],
  edits: Edits,
  digests: Map<string, string>,
  valueOf: ValueReader,
): Promise<readonly BuiltDisclosure[]> {
  const added = recipe.flatMap(([act, at, json, place]): [string, DisclosurePlan][] =>
    act === 'add' ? [[at.split('/')[1]!, { json: json!, place: asText(place), isShown: true }]] : [],
  );
  const built: BuiltDisclosure[] = [];
  for (const [label, plan] of [...added, ...HELD]) {
    const own = edits.take(label);
    own.order('add');
    // Without canonical sorting of members, but a disclosure is an array.
    const json = Buffer.from(canonicalJson(valueOf(plan.json)));
    const { signed, shown } = editPart(json, own.only('part'), valueOf);
    const digest = encodeBase64url(await nodeCrypto.sha256(signed));
    digests.set(label, digest);
    const isShown = own.order('hide') === undefined && (plan.isShown || own.order('show') !== undefined);
    const place = own.order('unlist') === undefined ? plan.place : '';
    const disclosure = { ...plan, place, text: shown, digest, isShown };
    built.push(disclosure);
    if (own.order('twice') !== undefined) built.push({ ...disclosure, place: '' });
  }
  const isLast = edits.order('reverse') !== undefined;
  return isLast ? built.toReversed() : built;
}

type Parts = { readonly issuer: string; readonly disclosures: readonly string[]; readonly binding: string };

/** A part as it is built, or as another presentation has it. */
async function partOf(
  name: 'issuer' | 'binding',
  edits: Edits,
  world: HostileWorld,
  asked: Asked,
  build: (own: Edits) => Promise<{ readonly text: string }>,
): Promise<string> {
  const own = edits.take(name);
  const taken = own.order('take');
  if (taken) return (await otherParts(taken, world, asked))[name];
  return own.order('drop') === undefined ? (await build(own)).text : '';
}

async function otherParts([name]: readonly JsonValue[], world: HostileWorld, asked: Asked): Promise<Parts> {
  const recipe = OTHERS[asText(name)];
  if (recipe === undefined) throw new RangeError(`no other presentation ${asText(name)}`);
  const parts = (await buildPresentation(recipe, world, asked)).split('~');
  return { issuer: parts[0]!, disclosures: parts.slice(1, -1), binding: parts.at(-1)! };
}
