import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { GreyImage } from './camera-view.js';

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
// Handed over as bytes: left alone, the module would fetch them from the network.
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });

/** The text of the one QR code in an image, as an 8-bit camera delivers it; `undefined` when none is read. */
export async function readCode({ side, pixels }: GreyImage): Promise<string | undefined> {
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let at = 0; at < pixels.length; at += 1) data[4 * at] = data[4 * at + 1] = data[4 * at + 2] = pixels[at]!;
  const image = { data, width: side, height: side, colorSpace: 'srgb' } as const;
  const [code] = await readBarcodes(image, { formats: ['QRCode'], maxNumberOfSymbols: 1 });
  return code?.isValid ? code.text : undefined;
}
