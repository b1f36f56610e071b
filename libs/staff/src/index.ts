export { type AuditDetail, AuditRecordEntity } from './audit-record.entity.js';
export { type AuditEntry, AuditTrail } from './audit-trail.js';
export { CurrentStaff } from './current-staff.js';
export { AnyStaff, Roles } from './route-access.js';
export { type NewStaffAccount, StaffAccounts } from './staff-accounts.js';
export type { StaffOptions } from './staff-options.js';
export { StaffModule } from './staff.module.js';
export type { Staff } from './staff.js';
export { staffEntities, staffMigrations } from './staff-schema.js';
