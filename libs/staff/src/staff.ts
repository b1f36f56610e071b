import type { Grant } from './grants.js';

/** The account behind a request, as handlers see it. */
export interface Staff {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly organisation: string;
  /** Those of the account's grants that open the route asked for. */
  readonly grants: readonly Grant[];
  /** The subject (a resident) the account belongs to; `null` for one that belongs to no subject of this service. */
  readonly subject: string | null;
}
