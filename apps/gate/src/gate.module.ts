import { type DynamicModule, Module } from '@nestjs/common';
import { BusModule } from '#libs/messaging';
import { type Clock, ClockModule, databaseModule } from '#libs/platform';
import { staffEntities, staffMigrations, StaffModule } from '#libs/staff';
import { CouponBook } from './coupons/coupon-book.js';
import { CouponEntity } from './coupons/coupon.entity.js';
import { CouponsController } from './coupons/coupons.controller.js';
import { DailyCounter } from './daily-counts/daily-counts.js';
import { DailyCountsController } from './daily-counts/daily-counts.controller.js';
import { GATE_ROLES } from './gate-roles.js';
import { GATE_CONFIG, type GateConfig } from './gate.config.js';
import { AddAnchors1795000500000 } from './migrations/add-anchors.migration.js';
import { AddLaneUses1795000600000 } from './migrations/add-lane-uses.migration.js';
import { CreateGateTables1795000400000 } from './migrations/create-gate-tables.migration.js';
import { AddRebates1796000730000 } from './migrations/add-rebates.migration.js';
import { NameAnchors1795000700000 } from './migrations/name-anchors.migration.js';
import { ReceiptBook } from './receipts/receipt-book.js';
import { ReceiptKeys } from './receipts/receipt-keys.js';
import { ReceiptsController } from './receipts/receipts.controller.js';
import { VerificationEntity } from './receipts/verification.entity.js';
import { PublicAddress } from './sessions/public-address.js';
import { ResponseDesk } from './sessions/response-desk.js';
import { SessionDesk } from './sessions/session-desk.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { VerificationSessionEntity } from './sessions/verification-session.entity.js';
import { MemoryTransaction } from './site-memory/memory-transaction.js';
import { SiteMemory } from './site-memory/site-memory.js';
import { SiteDirectory } from './sites/site-directory.js';
import { HeldStatusListEntity } from './status-lists/held-status-list.entity.js';
import { StatusListKeeper } from './status-lists/status-list-keeper.js';
import { AcceptedAnchorEntity } from './trust/accepted-anchor.entity.js';
import { AcceptedHeadEntity } from './trust/accepted-head.entity.js';
import { AllianceDocumentEntity } from './trust/alliance-document.entity.js';
import { ANCHOR, readAnchor } from './trust/anchor.js';
import { DocumentSetEntity } from './trust/document-set.entity.js';
import { HintsController } from './trust/hints.controller.js';
import { TimeFloor } from './trust/time-floor.js';
import { TrustController } from './trust/trust.controller.js';
import { TrustKeeper } from './trust/trust-keeper.js';
import { TrustStore } from './trust/trust-store.js';
import { KeptState } from './trust/kept-state.js';
import { LaterRecords } from './verifications/later-records.js';
import { ScanDesk } from './verifications/scan-desk.js';
import { VerdictDesk } from './verifications/verdict-desk.js';
import { VerificationsController } from './verifications/verifications.controller.js';

const ENTITIES = [
  ...staffEntities,
  AcceptedAnchorEntity,
  AcceptedHeadEntity,
  AllianceDocumentEntity,
  CouponEntity,
  DocumentSetEntity,
  HeldStatusListEntity,
  VerificationEntity,
  VerificationSessionEntity,
];

/** A gate: everything it needs is in its database and its files; the network only makes it fresher. */
@Module({})
export class GateModule {
  static forRoot(config: GateConfig, clock?: Clock): DynamicModule {
    const { databaseUrl: url, production, bus } = config;
    return {
      module: GateModule,
      imports: [
        ClockModule.forRoot(clock),
        databaseModule({
          url,
          entities: ENTITIES,
          migrations: [
            ...staffMigrations,
            CreateGateTables1795000400000,
            AddAnchors1795000500000,
            AddLaneUses1795000600000,
            NameAnchors1795000700000,
            AddRebates1796000730000,
          ],
          applicationName: 'xinqiao-gate',
        }),
        StaffModule.forRoot({ roles: GATE_ROLES, sessionHours: 12, production }),
        BusModule.forRoot(bus),
      ],
      controllers: [
        CouponsController,
        DailyCountsController,
        HintsController,
        ReceiptsController,
        SessionsController,
        TrustController,
        VerificationsController,
      ],
      providers: [
        { provide: GATE_CONFIG, useValue: config },
        { provide: ANCHOR, useFactory: () => readAnchor(config.anchorFile) },
        { provide: ReceiptKeys, useFactory: () => ReceiptKeys.open(config) },
        CouponBook,
        DailyCounter,
        KeptState,
        LaterRecords,
        MemoryTransaction,
        PublicAddress,
        ReceiptBook,
        ResponseDesk,
        ScanDesk,
        SessionDesk,
        SiteDirectory,
        SiteMemory,
        StatusListKeeper,
        TimeFloor,
        TrustKeeper,
        TrustStore,
        VerdictDesk,
      ],
    };
  }
}
