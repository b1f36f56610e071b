import type { GreyImage } from './camera-view.js';

// Taken out of the global object once: looking it up for every pixel takes longer than the arithmetic.
const { cos, exp, floor, hypot, imul, log, PI, sin, sqrt } = Math;

/** Numbers in [0, 1) that are the same in every run. */
export type Random = () => number;

/** Marsaglia's xorshift32. */
export function seededRandom(seed: number): Random {
  let state = imul(seed + 1, 0x9e37_79b1) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Out of focus, or moved: a Gaussian blur of `sigma` pixels. */
export function blur(image: GreyImage, sigma: number): GreyImage {
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, at) => exp(-((at - reach) ** 2) / (2 * sigma ** 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const { side } = image;
  const along = (source: Float32Array, step: number, across: number): Float32Array => {
    const pixels = new Float32Array(side * side);
    for (let line = 0; line < side; line += 1)
      for (let at = 0; at < side; at += 1) {
        let sum = 0;
        for (let offset = -reach; offset <= reach; offset += 1) {
          const from = at + offset < 0 ? 0 : at + offset < side ? at + offset : side - 1;
          sum += weights[offset + reach]! * source[line * across + from * step]!;
        }
        pixels[line * across + at * step] = sum / total;
      }
    return pixels;
  };
  return { side, pixels: along(along(image.pixels, 1, side), side, 1) };
}

/** Light and screen: black and white come as `dark` and `bright` (0 to 255). */
export function withContrast(image: GreyImage, dark: number, bright: number): GreyImage {
  return mapPixels(image, (value) => dark + (value * (bright - dark)) / 255);
}

/** A lamp from one side, `angle` in radians: the far edge keeps `left` of its light; and a round glare at a place of its own. */
export function withUnevenLight(
  image: GreyImage,
  angle: number,
  left: number,
  glare: readonly [number, number],
): GreyImage {
  const { side } = image;
  return mapPixels(image, (value, x, y) => {
    const shade = ((x - side / 2) * cos(angle) + (y - side / 2) * sin(angle)) / side + 0.5;
    const distance = hypot(x / side - glare[0], y / side - glare[1]);
    return value * (left + (1 - left) * shade) + 90 * exp(-((distance / 0.12) ** 2));
  });
}

/** The sensor's noise: Gaussian, `sigma` levels of 255. */
export function withNoise(image: GreyImage, sigma: number, random: Random): GreyImage {
  return mapPixels(image, (value) => value + sigma * sqrt(-2 * log(1 - random())) * cos(2 * PI * random()));
}

/** A lamp or screen that flickers while a rolling shutter runs: rows lose up to `depth` of their light, every `period` rows. */
export function withBands(image: GreyImage, depth: number, period: number, phase: number): GreyImage {
  return mapPixels(image, (value, _x, y) => value * (1 - (depth / 2) * (1 + sin((2 * PI * y) / period + phase))));
}

function mapPixels({ side, pixels }: GreyImage, change: (value: number, x: number, y: number) => number): GreyImage {
  return { side, pixels: pixels.map((value, at) => change(value, at % side, floor(at / side))) };
}
