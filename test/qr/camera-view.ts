import type { QRCode } from 'qrcode';

/** A square grey image: one number per pixel, 0 black to 255 white, row by row. */
export interface GreyImage {
  readonly side: number;
  readonly pixels: Float32Array;
}

/** How a camera sees the screen. */
export interface View {
  /** Width of one module in the image, in pixels, in the middle of the code. */
  readonly modulePixels: number;
  /** Turned about the line of sight, in radians. */
  readonly turn: number;
  /** Tilted away to the side and upwards, in radians. */
  readonly tilt: readonly [number, number];
}

// Taken out of the global object once: looking it up a million times takes longer than the arithmetic.
const { floor } = Math;
export const QUIET_MODULES = 4;
/** Sample points per pixel and axis: a sensor's pixel gathers light over its area. */
const SAMPLES = 3;
/** Distance of the camera in widths of the code: 60 mm seen from 200 mm. */
const DISTANCE = 3.3;

/** What a camera sees of a code on a white screen, each pixel the mean over its area: turned, tilted and shrunk in one step. */
export function viewCode({ modules }: QRCode, { modulePixels, turn, tilt }: View): GreyImage {
  const codeSide = modules.size + 2 * QUIET_MODULES;
  const side = Math.ceil(codeSide * modulePixels * (Math.abs(Math.cos(turn)) + Math.abs(Math.sin(turn)))) + 8;
  const [cos, sin] = [Math.cos(turn) / modulePixels, Math.sin(turn) / modulePixels];
  const tan = [Math.tan(tilt[0]), Math.tan(tilt[1])] as const;
  const stretch = [1 / Math.cos(tilt[0]), 1 / Math.cos(tilt[1])] as const;
  const { size, data } = modules;
  const isDark = (x: number, y: number): boolean => {
    const u = cos * x + sin * y;
    const v = cos * y - sin * x;
    const nearness = 1 - (u * tan[0] + v * tan[1]) / (DISTANCE * codeSide);
    const column = (u * stretch[0]) / nearness + size / 2;
    const row = (v * stretch[1]) / nearness + size / 2;
    return column >= 0 && row >= 0 && column < size && row < size && data[floor(row) * size + floor(column)] === 1;
  };
  const pixels = new Float32Array(side * side);
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) {
      let dark = 0;
      for (let down = 0.5; down < SAMPLES; down += 1)
        for (let across = 0.5; across < SAMPLES; across += 1)
          if (isDark(x + across / SAMPLES - side / 2, y + down / SAMPLES - side / 2)) dark += 1;
      pixels[y * side + x] = 255 * (1 - dark / SAMPLES ** 2);
    }
  return { side, pixels };
}
