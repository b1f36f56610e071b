import { AuditRecordEntity } from './audit-record.entity.js';
import { CreateStaffTables1795000000000 } from './create-staff-tables.migration.js';
import { StaffAccountEntity } from './staff-account.entity.js';
import { StaffSessionEntity } from './staff-session.entity.js';

export { PublicRoute } from '#libs/platform';
export { type AuditDetail, AuditRecordEntity } from './audit-record.entity.js';
export { type AuditEntry, AuditTrail } from './audit-trail.js';
export { CurrentStaff } from './current-staff.js';
export { AnyStaff, Roles } from './route-access.js';
export { type NewStaffAccount, StaffAccounts } from './staff-accounts.js';
export type { StaffOptions } from './staff-options.js';
export { StaffModule } from './staff.module.js';
export type { Staff } from './staff.js';

/** For `databaseModule` of an app that has staff. */
export const staffEntities = [StaffAccountEntity, StaffSessionEntity, AuditRecordEntity] as const;
export const staffMigrations = [CreateStaffTables1795000000000] as const;
