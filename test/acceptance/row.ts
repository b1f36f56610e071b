import type { Scene } from './scene.js';

export interface Outcome {
  /** What the row's "Works when" names, as it came about. */
  readonly figure: string;
  /** The code of the refusal that its negative twin ended in. */
  readonly negative: string;
}

/** A system of domain part A, played through HTTP as its people would. */
export interface Row {
  readonly row: string;
  /** Ids of the scheme documents whose every number it holds to. */
  readonly documents: readonly string[];
  /** May be played again in what runs already; nothing in it rests on an empty county. */
  readonly play: (scene: Scene) => Promise<Outcome>;
}
