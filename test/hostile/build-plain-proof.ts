import { encodeBase64url, type JsonObject } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { COUNTY, VISIT_FEDERATION } from '#libs/testing/alliance';
import { buildToken } from './build-token.js';
import { LIST, type HostileWorld } from './hostile-world.js';
import { Edits, type Edit } from './recipe.js';
import { valueReader } from './values.js';

/** Of the gate's own request, which a voucher answers. */
export const REQUEST_NONCE = 'AAAAAAAAAAAAAAAAAAAAAA';

/** Builds a printed card or a voucher, edited. Each is one compact JWS by the county. */
export async function buildPlainProof(
  kind: 'card' | 'voucher',
  recipe: readonly Edit[],
  world: HostileWorld,
): Promise<string> {
  const edits = Edits.of(recipe);
  const { id, fingerprint } = world.alliance.plan.schemes[0]!;
  const common = { iss: COUNTY, vct: `${VISIT_FEDERATION}/vct/${kind}/1`, scheme: { id, fingerprint }, at_least: 'AA' };
  const payload = kind === 'card' ? cardClaims(common, world) : await voucherClaims(common, world);
  const plan = { typ: `xinqiao-${kind}+jwt`, payload, signer: 'county.attest' };
  const token = await buildToken(plan, edits.take(kind), world, valueReader(world));
  edits.checkAllTaken();
  return token.text;
}

function cardClaims(common: JsonObject, { now }: HostileWorld): JsonObject {
  return {
    ...common,
    iat: now - 86_400,
    exp: now + 80 * 86_400,
    agreement: 'lv',
    status: { status_list: { idx: 9, uri: LIST } },
    person: { name: '王*', id_last4: '001X' },
  };
}

async function voucherClaims(common: JsonObject, { now }: HostileWorld): Promise<JsonObject> {
  return {
    ...common,
    iat: now - 1,
    exp: now + 119,
    aud: 'spot-east',
    nonce: REQUEST_NONCE,
    partner: 'spot',
    offer: 'free-aa',
    holder: encodeBase64url(await nodeCrypto.sha256('a resident, for one partner')),
  };
}
