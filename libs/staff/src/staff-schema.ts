import { AddAuditSeals1796000020000 } from './add-audit-seals.migration.js';
import { AddStaffGrants1796000010000 } from './add-staff-grants.migration.js';
import { AuditRecordEntity } from './audit-record.entity.js';
import { AuditSealEntity } from './audit-seal.entity.js';
import { CreateStaffTables1795000000000 } from './create-staff-tables.migration.js';
import { StaffAccountEntity } from './staff-account.entity.js';
import { StaffSessionEntity } from './staff-session.entity.js';

/** For `databaseModule` of an app that has staff. */
export const staffEntities = [StaffAccountEntity, StaffSessionEntity, AuditRecordEntity, AuditSealEntity] as const;
export const staffMigrations = [
  CreateStaffTables1795000000000,
  AddStaffGrants1796000010000,
  AddAuditSeals1796000020000,
] as const;
