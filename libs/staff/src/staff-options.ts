/** How an app uses staff accounts. */
export interface StaffOptions {
  /** Every role the app knows; `@Roles` and accounts may name no other. */
  readonly roles: readonly string[];
  /** Life of a session in hours. */
  readonly sessionHours: number;
  /** In production, sample accounts are refused at boot and at sign-in. */
  readonly production: boolean;
}

export const STAFF_OPTIONS = Symbol('staff options');
