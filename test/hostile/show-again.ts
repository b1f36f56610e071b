import { encodeBase64url, type JsonObject } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildToken } from './build-token.js';
import { editSignature } from './edit-signature.js';
import type { HostileWorld } from './hostile-world.js';
import { Edits, type Edit } from './recipe.js';
import { asText, valueReader, type ValueReader } from './values.js';

/**
 * A presentation that was shown before, shown again: with the bytes of a signature changed behind it (`issuer/signature`,
 * `binding/signature`), or bound anew by its holder to what it is then (`rebind`, and edits of the new binding's claims).
 */
export async function showAgain(text: string, recipe: readonly Edit[], world: HostileWorld): Promise<string> {
  const edits = Edits.of(recipe);
  const valueOf = valueReader(world);
  const sections = text.split('~');
  const issuer = changeSignature(sections[0]!, edits.take('issuer').take('signature'), valueOf);
  const sdJwt = [issuer, ...sections.slice(1, -1), ''].join('~');
  const binding = edits.take('binding');
  const signer = binding.order('rebind')?.[0];
  const shown =
    signer === undefined
      ? changeSignature(sections.at(-1)!, binding.take('signature'), valueOf)
      : (await rebind(sections.at(-1)!, sdJwt, asText(signer), binding, world)).text;
  edits.checkAllTaken();
  return sdJwt + shown;
}

function changeSignature(token: string, edits: Edits, valueOf: ValueReader): string {
  const at = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(at + 1), 'base64url');
  const changed = editSignature(signature, token.slice(0, at), edits, valueOf);
  return `${token.slice(0, at)}.${encodeBase64url(changed)}`;
}

async function rebind(before: string, sdJwt: string, signer: string, edits: Edits, world: HostileWorld) {
  const claims = JSON.parse(Buffer.from(before.split('.')[1]!, 'base64url').toString()) as JsonObject;
  const payload = { ...claims, sd_hash: encodeBase64url(await nodeCrypto.sha256(sdJwt)) };
  return buildToken({ typ: 'kb+jwt', payload, signer, hasKid: false }, edits, world, valueReader(world));
}
