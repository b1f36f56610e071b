import type { InjectionToken } from '@nestjs/common';
import type { StaffPlaces } from './grants.js';
import type { StaffSubjects } from './staff-subjects.js';

/** How an app uses staff accounts. */
export interface StaffOptions {
  /**
   * Every role the app knows; `@Roles` and accounts may name no other. With a `manager` among them the app serves the
   * administration of accounts, with an `auditor` the audit trail.
   */
  readonly roles: readonly string[];
  /** Life of a session in hours. */
  readonly sessionHours: number;
  /** In production, sample accounts are refused at boot and at sign-in. */
  readonly production: boolean;
  /** What provides the places of grants; without it a place lies in nothing but itself. */
  readonly places?: InjectionToken<StaffPlaces>;
  /** What knows whom accounts can belong to; without it they belong to nobody. */
  readonly subjects?: InjectionToken<StaffSubjects>;
}

export const STAFF_OPTIONS = Symbol('staff options');
