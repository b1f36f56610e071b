/** The account behind a request, as handlers see it. */
export interface Staff {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly organisation: string;
  readonly roles: readonly string[];
  /** Place code or site id the account is confined to; null for the whole service. */
  readonly scope: string | null;
}
