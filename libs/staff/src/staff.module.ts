import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AuditSealer } from './audit-sealer.js';
import { AuditTrail } from './audit-trail.js';
import { AuditController } from './audit.controller.js';
import { RouteRegister } from './route-register.js';
import { SampleAccountCheck } from './sample-account.check.js';
import { SessionCache } from './session-cache.js';
import { StaffAdministrationController } from './staff-administration.controller.js';
import { StaffAdministration } from './staff-administration.js';
import { StaffAccounts } from './staff-accounts.js';
import { STAFF_OPTIONS, type StaffOptions } from './staff-options.js';
import { StaffSessions } from './staff-sessions.js';
import { StaffController } from './staff.controller.js';
import { StaffGuard } from './staff.guard.js';

/**
 * Staff accounts, sessions and the audit trail for an app, and the guard that refuses every HTTP route which does not
 * say who may call it. Needs `databaseModule` (with `staffEntities` and `staffMigrations`) and `ClockModule` in the app.
 */
@Module({})
export class StaffModule {
  static forRoot(options: StaffOptions): DynamicModule {
    return {
      module: StaffModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: [
        StaffController,
        ...(options.roles.includes('manager') ? [StaffAdministrationController] : []),
        ...(options.roles.includes('auditor') ? [AuditController] : []),
      ],
      providers: [
        { provide: STAFF_OPTIONS, useValue: options },
        { provide: APP_GUARD, useClass: StaffGuard },
        AuditTrail,
        AuditSealer,
        RouteRegister,
        SampleAccountCheck,
        SessionCache,
        StaffAccounts,
        StaffAdministration,
        StaffSessions,
      ],
      exports: [AuditTrail, StaffAccounts],
    };
  }
}
