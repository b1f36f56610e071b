import type { Scene } from './scene.js';

export interface Outcome {
  /** What the row's "Works when" names, as it came about. */
  readonly figure: string;
  /** The code of the refusal that its negative twin ended in; none in a play of a changed document that leaves it out. */
  readonly negative: string;
}

/** A system of domain part A, played through HTTP as its people would. */
export interface Row {
  readonly row: string;
  /** The code that its negative twin must end in; any other refusal refuses for the wrong reason. */
  readonly negative: string;
  /** Ids of the scheme documents whose every number it holds to. */
  readonly documents: readonly string[];
  /** May be played again in what runs already; nothing in it rests on an empty county. */
  readonly play: (scene: Scene) => Promise<Outcome>;
}
