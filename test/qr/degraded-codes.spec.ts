import { beforeAll, describe, expect, it } from '@jest/globals';
import QRCode, { type QRCode as Code } from 'qrcode';
import { QR_LEVEL } from '#libs/attestation';
import { QUIET_MODULES, viewCode, type GreyImage, type View } from './camera-view.js';
import {
  blur,
  seededRandom,
  withBands,
  withContrast,
  withNoise,
  withUnevenLight,
  type Random,
} from './degrade-image.js';
import { readCode } from './read-code.js';
import { drawRealCode, SAMPLE_NAMES } from './real-presentations.js';

/**
 * A phone shows the code 60 mm wide, quiet zone included: 89 modules of 0.67 mm in version 16. A camera of 1280 pixels over 60°
 * sees such a module 2.2 to 3.5 pixels wide at 34 to 21 cm, one of 1920 pixels at 51 to 32 cm. Nearer, all is easier.
 * Sizes are widths of the whole code, so that a code of more modules gets smaller ones.
 */
const WIDTH_MODULES = 89;
const [FAR, NEAR] = [2.2, 3.5];
const RENDERINGS = 24;
const CODES = 12;

const KINDS = {
  blurred: (code, random) => camera(code, random, { blurModules: 0.25 + 0.18 * random() }),
  turned: (code, random) => camera(code, random, { turn: 2 * Math.PI * random() }),
  tilted: (code, random) => camera(code, random, { tilt: [0.85 * random() - 0.42, 0.85 * random() - 0.42] }),
  shrunk: (code, random) => camera(code, random, { size: 1.95 + 0.25 * random() }),
  'low in contrast': (code, random) => camera(code, random, { dark: 90, bright: 130 + 40 * random() }),
  'unevenly lit': (code, random) => withUnevenLight(camera(code, random, {}), 6 * random(), 0.35, [random(), random()]),
  noisy: (code, random) => camera(code, random, { noise: 8 + 9 * random() }),
  banded: (code, random) =>
    withBands(camera(code, random, {}), 0.15 + 0.2 * random(), 20 + 80 * random(), 6 * random()),
  'all at once': (code, random) => {
    const size = 2.6 + 0.9 * random();
    const tilt = [0.3 * random(), 0.3 * random()] as const;
    const seen = { size, tilt, turn: 2 * Math.PI * random(), blurModules: 0.25, dark: 50, bright: 170, noise: 5 };
    return withUnevenLight(camera(code, random, seen), 6 * random(), 0.5, [random(), random()]);
  },
} satisfies Record<string, (code: Code, random: Random) => GreyImage>;
const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];

interface Seen extends Partial<Omit<View, 'modulePixels'>> {
  /** Pixels per module of a code of version 16. */
  readonly size?: number;
  /** Blur's sigma in modules of a code of version 16. */
  readonly blurModules?: number;
  readonly dark?: number;
  readonly bright?: number;
  readonly noise?: number;
}

/** A camera as it is at best: nearly upright, nearly sharp, nearly free of noise; but for what is said otherwise. */
function camera(code: Code, random: Random, seen: Seen): GreyImage {
  const { size = FAR + (NEAR - FAR) * random(), turn = 0.3 * random() - 0.15, tilt = [0, 0] } = seen;
  const { blurModules = 0.15, dark = 25, bright = 225, noise = 2 } = seen;
  const modulePixels = (size * WIDTH_MODULES) / (code.modules.size + 2 * QUIET_MODULES);
  const lit = withContrast(blur(viewCode(code, { modulePixels, turn, tilt }), blurModules * size), dark, bright);
  return withNoise(lit, noise, random);
}

let texts: string[];
beforeAll(async () => {
  texts = await Promise.all(Array.from({ length: CODES }, () => drawRealCode(SAMPLE_NAMES)));
});

/** How many renderings of one kind are read, text for text; the same views for either level. */
async function countRead(kind: keyof typeof KINDS, level: 'L' | 'M'): Promise<number> {
  let read = 0;
  for (let at = 0; at < RENDERINGS; at += 1) {
    const text = texts[at % CODES]!;
    const code = QRCode.create(text, {
      errorCorrectionLevel: level,
      maskPattern: (at % 8) as QRCode.QRCodeMaskPattern,
    });
    if ((await readCode(KINDS[kind](code, seededRandom(at + 1)))) === text) read += 1;
  }
  return read;
}

describe('codes of real presentations at the sizes a phone shows, read by a barcode reader (design §4.2)', () => {
  const counts = { L: new Map<string, number>(), M: new Map<string, number>() };
  const total = (level: 'L' | 'M'): number => [...counts[level].values()].reduce((sum, read) => sum + read, 0);

  it.each(kinds)('are read when %s', async (kind) => {
    counts.L.set(kind, await countRead(kind, 'L'));
    counts.M.set(kind, await countRead(kind, 'M'));
    expect(counts.L.get(kind)).toBeGreaterThanOrEqual(0.85 * RENDERINGS);
  });

  it('are read at least 95 times in 100 over all kinds', () => {
    expect(kinds.length * RENDERINGS).toBeGreaterThanOrEqual(200);
    expect(total(QR_LEVEL) / (kinds.length * RENDERINGS)).toBeGreaterThanOrEqual(0.95);
  });

  it('are read more often at level L than at level M in the same width: larger modules beat more correction', () => {
    expect(total('L')).toBeGreaterThan(total('M'));
  });

  it('are not read when nothing is left to read: the reader guesses nothing', async () => {
    const code = QRCode.create(texts[0]!, { errorCorrectionLevel: QR_LEVEL });
    expect(await readCode(camera(code, seededRandom(1), { size: 3 }))).toBe(texts[0]);
    expect(await readCode(camera(code, seededRandom(1), { size: 3, blurModules: 1 }))).toBeUndefined();
  });
});
