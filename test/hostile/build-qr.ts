import { deflateRawSync } from 'node:zlib';
import { encodeBase41, encodePresentationQr } from '#libs/attestation';
import { buildPresentation } from './build-presentation.js';
import { editEncoded } from './edit-encoded.js';
import { editJson } from './edit-json.js';
import type { HostileWorld } from './hostile-world.js';
import { Edits, type Edit } from './recipe.js';
import { valueReader } from './values.js';

const LINK = 'HTTPS://QR.EXAMPLE/#';
const VERSION = 2;

/**
 * Builds the QR text of a presentation that is granted, edited: `qr/skeleton`, `qr/values` and `qr/deflated` are bytes of the
 * container, `qr/head` its first three, `qr/container` all of them, `qr:text` what a scanner reads. Without edits of the container
 * it is the wallet's own text. Every other edit is one of the presentation.
 */
export async function buildQr(recipe: readonly Edit[], world: HostileWorld): Promise<string> {
  const edits = Edits.of(recipe.filter(isOfTheCode));
  const valueOf = valueReader(world);
  const own = edits.take('qr');
  const presentation = await buildPresentation(
    recipe.filter((edit) => !isOfTheCode(edit)),
    world,
  );
  const drawn = encodePresentationQr(presentation, 'QR.EXAMPLE');
  const isRebuilt = recipe.some(([, at]) => at.startsWith('qr/'));
  const part = (name: string, bytes: Buffer): Buffer => editJson(bytes, own.take(name), valueOf);
  const container = (): Buffer => {
    const { skeleton, values } = takeApart(presentation);
    const deflated = part('deflated', deflateRawSync(part('skeleton', skeleton)));
    const head = part('head', Buffer.from([VERSION, deflated.length >> 8, deflated.length & 0xff]));
    return part('container', Buffer.concat([head, deflated, part('values', values)]));
  };
  const text = isRebuilt ? LINK + encodeBase41(container()) : drawn;
  const withPresentation: typeof valueOf = (value) => (value === '$presentation' ? presentation : valueOf(value));
  const edited = editEncoded(text, own.only('text'), withPresentation);
  edits.checkAllTaken();
  return edited;
}

/** Of the code; every other edit is one of the presentation in it. */
function isOfTheCode([, at]: Edit): boolean {
  return /^qr[/:]/.test(at);
}

/** As `docs/wire.md` says it, written a second time: bytes FE and FF between parts, FB, FC and FD for what has a fixed length. */
function takeApart(presentation: string): { readonly skeleton: Buffer; readonly values: Buffer } {
  const values: Buffer[] = [];
  const take = (mark: number, text: string): string => {
    values.push(Buffer.from(text, 'base64url'));
    return String.fromCharCode(mark);
  };
  const sections = presentation.split('~').map((section) =>
    section.split('.').map((part, index) => {
      if (index === 2) return take(0xfd, part);
      const json = Buffer.from(part, 'base64url').toString('latin1');
      return json.replace(/"([\w-]{22}|[\w-]{43})"/g, (_, text: string) =>
        take(text.length === 22 ? 0xfb : 0xfc, text),
      );
    }),
  );
  const skeleton = sections.map((parts) => parts.join('\u00FE')).join('\u00FF');
  return { skeleton: Buffer.from(skeleton, 'latin1'), values: Buffer.concat(values) };
}
