import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Bus, BusModule, Outbox, outboxEntities, outboxMigrations } from '#libs/messaging';
import { Clock, ClockModule, databaseModule, ServiceLog, SystemClock } from '#libs/platform';
import { AuditTrail, staffEntities, staffMigrations, StaffModule } from '#libs/staff';
import { activities } from './activities/activities.parts.js';
import { AssessmentRunEntity } from './assessment/assessment-run.entity.js';
import { AssessmentsController } from './assessment/assessments.controller.js';
import { Assessments } from './assessment/assessments.service.js';
import { Explanations } from './assessment/explanations.service.js';
import { ResultsController } from './assessment/results.controller.js';
import { AssessmentResults } from './assessment/results.service.js';
import { Releases } from './assessment/releases.service.js';
import { SimulationsController } from './assessment/simulations.controller.js';
import { Simulations } from './assessment/simulations.service.js';
import { AttestationIssuer } from './attestations/attestation-issuer.js';
import { AttestationEntity } from './attestations/attestation.entity.js';
import { AttestationsController } from './attestations/attestations.controller.js';
import { Attestations } from './attestations/attestations.service.js';
import { HolderKeyEntity } from './attestations/holder-key.entity.js';
import { RevocationsController } from './attestations/revocations.controller.js';
import { Revocations } from './attestations/revocations.service.js';
import { badges } from './badges/badges.parts.js';
import { benefits } from './benefits/benefits.parts.js';
import { ConsentEntity } from './consent/consent.entity.js';
import { ConsentsController } from './consent/consents.controller.js';
import { Consents } from './consent/consents.service.js';
import { BoardsController } from './boards/boards.controller.js';
import { Boards } from './boards/boards.service.js';
import { CountyKeys } from './county-keys.js';
import { COUNTY_CONFIG, type CountyConfig } from './county.config.js';
import { EnrolmentCodeEntity } from './enrolment/enrolment-code.entity.js';
import { EnrolmentCodes } from './enrolment/enrolment-codes.service.js';
import { EnrolmentEntity } from './enrolment/enrolment.entity.js';
import { EnrolmentsController } from './enrolment/enrolments.controller.js';
import { Enrolments } from './enrolment/enrolments.service.js';
import { Nonces } from './enrolment/nonces.service.js';
import { importedGrades } from './imported-grades/imported-grades.parts.js';
import { IssuerMetadataController } from './issuer-metadata/issuer-metadata.controller.js';
import { EntryActs } from './ledger/entry-acts.service.js';
import { LedgerCalendar } from './ledger/ledger-calendar.js';
import { LedgerEntryEntity } from './ledger/ledger-entry.entity.js';
import { MergedLedgers } from './ledger/merged-ledgers.js';
import { LedgerReader } from './ledger/ledger-reader.service.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { Ledger } from './ledger/ledger.service.js';
import { WorklistController } from './ledger/worklist.controller.js';
import { OwnEntriesController } from './ledger/own-entries.controller.js';
import { CreateCountyTables1795100000000 } from './migrations/create-county-tables.migration.js';
import { CreatePlaces1796000000000 } from './migrations/create-places.migration.js';
import { createSubjects } from './migrations/create-subjects.migration.js';
import { CreateSchemeDrafts1796000200000 } from './migrations/create-scheme-drafts.migration.js';
import { CreateMergedEntries1796000410000 } from './migrations/create-merged-entries.migration.js';
import { CreateWallets1796000400000 } from './migrations/create-wallets.migration.js';
import { ExtendAssessments1796000500000 } from './migrations/extend-assessments.migration.js';
import { ExtendLedger1796000300000 } from './migrations/extend-ledger.migration.js';
import { PlaceEntity } from './places/place.entity.js';
import { PlacesController } from './places/places.controller.js';
import { Places } from './places/places.service.js';
import { readPlaces } from './places/read-places.js';
import { redemptionDayParts } from './redemption-days/redemption-days.parts.js';
import { redemptionParts } from './redemption/redemption.parts.js';
import { ResidentEntity } from './residents/resident.entity.js';
import { ResidentsController } from './residents/residents.controller.js';
import { Residents } from './residents/residents.service.js';
import { RollUpController } from './roll-up/roll-up.controller.js';
import { RollUp } from './roll-up/roll-up.service.js';
import { CountySchemes } from './schemes/county-schemes.js';
import { readSchemeFolder } from './schemes/read-scheme-folder.js';
import { SchemeDraftEntity } from './schemes/scheme-draft.entity.js';
import { SchemeDrafts } from './schemes/scheme-drafts.service.js';
import { SchemeVersionEntity } from './schemes/scheme-version.entity.js';
import { SchemesController } from './schemes/schemes.controller.js';
import { CountersignatureEntity } from './statements/countersignature.entity.js';
import { CountyStatements } from './statements/county-statements.service.js';
import { SchemeDeclarationEntity } from './statements/scheme-declaration.entity.js';
import { statementRelay } from './statements/statement-relay.js';
import { StatementsController } from './statements/statements.controller.js';
import { StatusListPublisher } from './status-lists/status-list-publisher.js';
import { StatusListEntity } from './status-lists/status-list.entity.js';
import { StatusListsController } from './status-lists/status-lists.controller.js';
import { StatusLists } from './status-lists/status-lists.service.js';
import { CloseAccount } from './subjects/close-account.service.js';
import { DocumentVault } from './subjects/document-vault.js';
import { DocumentsController } from './subjects/documents.controller.js';
import { Documents } from './subjects/documents.service.js';
import { DoorEntity } from './subjects/door.entity.js';
import { DoorsController } from './subjects/doors.controller.js';
import { Doors } from './subjects/doors.service.js';
import { EndingsController } from './subjects/endings.controller.js';
import { Endings } from './subjects/endings.service.js';
import { MembershipEntity } from './subjects/membership.entity.js';
import { MembershipsController } from './subjects/memberships.controller.js';
import { Memberships } from './subjects/memberships.service.js';
import { Merges } from './subjects/merges.service.js';
import { RecordSubjects } from './subjects/record-subjects.service.js';
import { SubjectDocumentEntity } from './subjects/subject-document.entity.js';
import { SubjectMergeEntity } from './subjects/subject-merge.entity.js';
import { SubjectEntity } from './subjects/subject.entity.js';
import { SubjectsController } from './subjects/subjects.controller.js';
import { Subjects } from './subjects/subjects.service.js';
import { ShortagesController } from './wallets/shortages.controller.js';
import { Shortages } from './wallets/shortages.service.js';
import { Wallets } from './wallets/wallets.service.js';

const ROLES = [
  'registrar',
  'collector',
  'verifier',
  'approver',
  'manager',
  'shopkeeper',
  'provider',
  'assessor',
  'issuing_officer',
  'county_manager',
  'auditor',
] as const;
const SESSION_HOURS = 8;
const RELAY = Symbol('statement relay');

const entities = [
  SchemeVersionEntity,
  SchemeDraftEntity,
  PlaceEntity,
  SubjectEntity,
  MembershipEntity,
  SubjectMergeEntity,
  DoorEntity,
  SubjectDocumentEntity,
  ResidentEntity,
  LedgerEntryEntity,
  AssessmentRunEntity,
  EnrolmentCodeEntity,
  EnrolmentEntity,
  ConsentEntity,
  HolderKeyEntity,
  AttestationEntity,
  StatusListEntity,
  SchemeDeclarationEntity,
  CountersignatureEntity,
  ...activities.entities,
];

/** What is read and checked before anything else runs: a fault in it stops the boot. */
function boundTo(config: CountyConfig): Provider[] {
  return [
    { provide: COUNTY_CONFIG, useValue: config },
    { provide: CountyKeys, useFactory: () => CountyKeys.read(config.keysFile, config.production) },
    {
      provide: CountySchemes,
      inject: [DataSource, Clock],
      useFactory: async (database: DataSource, clock: Clock) => {
        const { place: county, schemesFolder, schemasFolder } = config;
        return CountySchemes.open(database, clock, await readSchemeFolder(county, schemesFolder, schemasFolder));
      },
    },
    {
      provide: Places,
      inject: [DataSource, AuditTrail],
      useFactory: async (database: DataSource, audit: AuditTrail) =>
        Places.open(database, audit, await readPlaces(config.placesFile, config.schemasFolder, config.place)),
    },
    { provide: DocumentVault, useFactory: () => DocumentVault.read(config.subjectKeysFile, config.production) },
    {
      provide: Documents,
      inject: [DataSource, Clock, AuditTrail, Places, DocumentVault],
      useFactory: (...parts: Parameters<typeof Documents.open>) => Documents.open(...parts),
    },
    {
      provide: RELAY,
      inject: [DataSource, Bus, ServiceLog],
      useFactory: (database: DataSource, bus: Bus, log: ServiceLog) => statementRelay(database, bus, config, log),
    },
  ];
}

/**
 * A county: the issuing plane. Scheme and ledger make grades, which stay here; consent, a positive grade and a proven key make
 * attestations, which leave; the status list takes them back.
 */
@Module({})
export class CountyModule {
  /** @param clock the system's, unless a test hands in its own */
  static forRoot(config: CountyConfig, clock: Clock = new SystemClock()): DynamicModule {
    return {
      module: CountyModule,
      imports: [
        ClockModule.forRoot(clock),
        databaseModule({
          url: config.databaseUrl,
          entities: [...staffEntities, ...outboxEntities, ...entities],
          migrations: [
            ...staffMigrations,
            ...outboxMigrations,
            CreateCountyTables1795100000000,
            CreatePlaces1796000000000,
            createSubjects(config.place),
            CreateSchemeDrafts1796000200000,
            ExtendLedger1796000300000,
            CreateWallets1796000400000,
            CreateMergedEntries1796000410000,
            ExtendAssessments1796000500000,
            ...redemptionParts.migrations,
            ...redemptionDayParts.migrations,
            ...activities.migrations,
            ...importedGrades.migrations,
            ...badges.migrations,
            ...benefits.migrations,
          ],
          applicationName: 'xinqiao-county',
        }),
        StaffModule.forRoot({
          roles: ROLES,
          sessionHours: SESSION_HOURS,
          production: config.production,
          places: Places,
        }),
        BusModule.forRoot(config.bus),
      ],
      controllers: [
        PlacesController,
        SubjectsController,
        EndingsController,
        MembershipsController,
        DoorsController,
        DocumentsController,
        SchemesController,
        ResidentsController,
        WorklistController,
        LedgerController,
        OwnEntriesController,
        ShortagesController,
        ...redemptionParts.controllers,
        ...redemptionDayParts.controllers,
        AssessmentsController,
        ResultsController,
        RollUpController,
        BoardsController,
        SimulationsController,
        EnrolmentsController,
        ConsentsController,
        AttestationsController,
        RevocationsController,
        StatusListsController,
        StatementsController,
        IssuerMetadataController,
        ...activities.controllers,
        ...importedGrades.controllers,
        ...badges.controllers,
        ...benefits.controllers,
      ],
      providers: [
        ...boundTo(config),
        Subjects,
        RecordSubjects,
        Memberships,
        CloseAccount,
        Endings,
        Merges,
        Doors,
        SchemeDrafts,
        Residents,
        Ledger,
        EntryActs,
        LedgerReader,
        LedgerCalendar,
        MergedLedgers,
        Wallets,
        Shortages,
        ...redemptionParts.providers,
        ...redemptionDayParts.providers,
        Assessments,
        Releases,
        Simulations,
        Explanations,
        AssessmentResults,
        RollUp,
        Boards,
        EnrolmentCodes,
        Enrolments,
        Nonces,
        Consents,
        AttestationIssuer,
        Attestations,
        Revocations,
        StatusLists,
        StatusListPublisher,
        Outbox,
        CountyStatements,
        ...activities.providers,
        ...importedGrades.providers,
        ...badges.providers,
        ...benefits.providers,
      ],
    };
  }
}
