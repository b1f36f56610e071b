/** One request about a thing of the village. */
interface Asked {
  /** For the parts of the path in braces. */
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: string;
  readonly body?: unknown;
}

/** What a neighbour's staff are told, and that whose thing it is are served the same request. */
export type ForeignRequest = Asked &
  (
    | {
        readonly told: 'refusal';
        readonly code: string;
        /** Who is served: the village's own staff or, where it is about more than the village, the county's. */
        readonly servedTo: 'village' | 'county';
        /** What they are told, where the request is wanting beyond its place. */
        readonly wanting?: string;
      }
    /** A list without what is the village's. */
    | { readonly told: 'list' }
    /** Nothing of anybody's place is in it. */
    | { readonly told: 'anything'; readonly because: string }
  );

/** By method and path of the description, in an order in which all of them can be served. */
export type Rows = Readonly<Record<string, readonly ForeignRequest[]>>;

export const refused = (code: string, asked: Asked): ForeignRequest => {
  return { told: 'refusal', code, servedTo: 'village', ...asked };
};
export const notFound = (asked: Asked): ForeignRequest => refused('NOT_FOUND', asked);
export const outOfScope = (asked: Asked): ForeignRequest => refused('PLACE_OUT_OF_SCOPE', asked);
export const ofCounty = (code: string, asked: Asked = {}, wanting?: string): ForeignRequest => {
  return { told: 'refusal', code, servedTo: 'county', ...asked, ...(wanting === undefined ? {} : { wanting }) };
};
export const leftOut = (query?: string): ForeignRequest => ({
  told: 'list',
  ...(query === undefined ? {} : { query }),
});
export const open = (because: string): ForeignRequest => ({ told: 'anything', because });
