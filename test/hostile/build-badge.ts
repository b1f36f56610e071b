import { encodeBase64url, type JsonObject } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { COUNTY, VISIT_FEDERATION } from '#libs/testing/alliance';
import { buildToken } from './build-token.js';
import { editEncoded } from './edit-encoded.js';
import { LIST, type HostileWorld } from './hostile-world.js';
import { Edits, type Edit } from './recipe.js';
import { valueReader } from './values.js';

/** Who asks to see a badge. */
export const ASKED_BY = { audience: 'https://shop.example', nonce: 'AAAAAAAAAAAAAAAAAAAAAA' };

/** Builds a badge as its holder shows it, edited: `issuer` is what the county signs, `binding` what the holder does, `text` all of it. */
export async function buildBadge(recipe: readonly Edit[], world: HostileWorld): Promise<string> {
  const edits = Edits.of(recipe);
  const valueOf = valueReader(world);
  const plan = { typ: 'dc+sd-jwt', payload: badgeClaims(world), signer: 'county.attest' };
  const issuer = await buildToken(plan, edits.take('issuer'), world, valueOf);
  const sdJwt = `${issuer.text}~`;
  const { audience: aud, nonce } = ASKED_BY;
  const bound = { iat: world.now - 2, aud, nonce, sd_hash: encodeBase64url(await nodeCrypto.sha256(sdJwt)) };
  const proof = { typ: 'kb+jwt', payload: bound, signer: 'holder', hasKid: false };
  const binding = await buildToken(proof, edits.take('binding'), world, valueOf);
  const text = editEncoded(sdJwt + binding.text, edits.take('text'), valueOf);
  edits.checkAllTaken();
  return text;
}

function badgeClaims(world: HostileWorld): JsonObject {
  return {
    iss: COUNTY,
    iat: world.now - 86_400,
    exp: world.now + 300 * 86_400,
    vct: `${VISIT_FEDERATION}/vct/badge/1`,
    cnf: { jwk: { ...world.key('holder').publicJwk } },
    status: { status_list: { idx: 9, uri: LIST } },
    badge: { what: '文明家庭', place: '371082', period: '2026', basis: 'village points' },
  };
}
