import { type DynamicModule, Module } from '@nestjs/common';
import { BusModule } from '#libs/messaging';
import { Clock, ClockModule, databaseModule } from '#libs/platform';
import { staffEntities, staffMigrations, StaffModule } from '#libs/staff';
import { BandLookUpController } from './band-lookup/band-lookup.controller.js';
import { BandLookUp } from './band-lookup/band-lookup.js';
import { AnchorEntity } from './anchors/anchor.entity.js';
import { AnchorsController } from './anchors/anchors.controller.js';
import { Anchors } from './anchors/anchors.js';
import { PINNED_ANCHOR, readAnchor } from './anchors/read-anchor.js';
import { RootRotation } from './anchors/root-rotation.js';
import { DelegationController } from './delegation/delegation.controller.js';
import { DelegationEntity } from './delegation/delegation.entity.js';
import { Delegations } from './delegation/delegations.js';
import { OnlineKeys } from './delegation/online-keys.js';
import { OpeningHealth } from './delegation/opening.health.js';
import { DocumentRegister } from './documents/document-register.js';
import { DocumentSignatureEntity } from './documents/document-signature.entity.js';
import { DocumentSignatures } from './documents/document-signatures.js';
import { DocumentStore } from './documents/document-store.js';
import { ServedDocuments } from './documents/served-documents.js';
import { DocumentEntity } from './documents/document.entity.js';
import { DocumentsController } from './documents/documents.controller.js';
import { Documents } from './documents/documents.js';
import { FEDERATION_CONFIG, type FederationConfig } from './federation.config.js';
import { Foundation } from './heads/foundation.js';
import { HeadChain } from './heads/head-chain.js';
import { HeadPublisher } from './heads/head-publisher.js';
import { HeadSchedule } from './heads/head-schedule.js';
import { HeadEntity } from './heads/head.entity.js';
import { HeadsController } from './heads/heads.controller.js';
import { PublishedHeads } from './heads/published-heads.js';
import { PublishedTrust } from './heads/published-trust.js';
import { SerialWrites } from './heads/serial-writes.js';
import { MembersController } from './members/members.controller.js';
import { AddRootRotation1795000600000 } from './migrations/add-root-rotation.migration.js';
import { CreateFederationTables1795000100000 } from './migrations/create-federation-tables.migration.js';
import { FEDERATION_ROLES } from './roles.js';
import { PublishedDocuments } from './rounds/published-documents.js';
import { RoundPlans } from './rounds/round-plans.js';
import { RoundSignatureEntity } from './rounds/round-signature.entity.js';
import { RoundEntity } from './rounds/round.entity.js';
import { RoundsController } from './rounds/rounds.controller.js';
import { Rounds } from './rounds/rounds.js';
import { StatementEntity } from './statements/statement.entity.js';
import { StatementsController } from './statements/statements.controller.js';
import { Statements } from './statements/statements.js';
import { SuspensionEntity } from './suspensions/suspension.entity.js';
import { SuspensionsController } from './suspensions/suspensions.controller.js';
import { Suspensions } from './suspensions/suspensions.js';
import { tierTypeMetadata } from './type-metadata/tier-type-metadata.js';
import { TypeMetadata, TypeMetadataController } from './type-metadata/type-metadata.controller.js';

const SESSION_HOURS = 8;

const ENTITIES = [
  AnchorEntity,
  DelegationEntity,
  DocumentEntity,
  DocumentSignatureEntity,
  RoundEntity,
  RoundSignatureEntity,
  HeadEntity,
  SuspensionEntity,
  StatementEntity,
];

/** All wiring of the federation. */
@Module({})
export class FederationModule {
  /** @param clock the system's, unless a test hands in its own */
  static forRoot(config: FederationConfig, clock?: Clock): DynamicModule {
    const { id, anchorFile, keysFile, foundedAt, databaseUrl, production, bus } = config;
    return {
      module: FederationModule,
      imports: [
        databaseModule({
          url: databaseUrl,
          entities: [...staffEntities, ...ENTITIES],
          migrations: [...staffMigrations, CreateFederationTables1795000100000, AddRootRotation1795000600000],
          applicationName: 'xinqiao-federation',
        }),
        ClockModule.forRoot(clock),
        StaffModule.forRoot({ roles: FEDERATION_ROLES, sessionHours: SESSION_HOURS, production }),
        BusModule.forRoot(bus),
      ],
      controllers: [
        AnchorsController,
        BandLookUpController,
        DelegationController,
        DocumentsController,
        HeadsController,
        MembersController,
        RoundsController,
        StatementsController,
        SuspensionsController,
        TypeMetadataController,
      ],
      providers: [
        { provide: FEDERATION_CONFIG, useValue: config },
        { provide: PINNED_ANCHOR, useFactory: () => readAnchor(anchorFile) },
        { provide: OnlineKeys, useFactory: () => OnlineKeys.read(keysFile, { production }) },
        { provide: Foundation, useFactory: (time: Clock) => new Foundation(foundedAt, time), inject: [Clock] },
        { provide: TypeMetadata, useFactory: () => new TypeMetadata(JSON.stringify(tierTypeMetadata(id))) },
        Anchors,
        BandLookUp,
        Delegations,
        DocumentRegister,
        Documents,
        DocumentSignatures,
        DocumentStore,
        HeadChain,
        HeadPublisher,
        HeadSchedule,
        OpeningHealth,
        PublishedDocuments,
        PublishedHeads,
        PublishedTrust,
        RootRotation,
        RoundPlans,
        Rounds,
        SerialWrites,
        ServedDocuments,
        Statements,
        Suspensions,
      ],
    };
  }
}
