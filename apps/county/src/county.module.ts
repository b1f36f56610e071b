import { type DynamicModule, Module } from '@nestjs/common';
import { BusModule, outboxEntities, outboxMigrations } from '#libs/messaging';
import { type Clock, ClockModule, databaseModule, SystemClock } from '#libs/platform';
import { staffEntities, staffMigrations, StaffModule } from '#libs/staff';
import { activities } from './activities/activities.part.js';
import { assessment } from './assessment/assessment.part.js';
import { attestations } from './attestations/attestations.part.js';
import { badges } from './badges/badges.part.js';
import { benefits } from './benefits/benefits.part.js';
import { boards } from './boards/boards.part.js';
import { consent } from './consent/consent.part.js';
import { CountyKeys } from './county-keys.js';
import type { CountyPart } from './county-part.js';
import { COUNTY_CONFIG, type CountyConfig } from './county.config.js';
import { enrolment } from './enrolment/enrolment.part.js';
import { importedGrades } from './imported-grades/imported-grades.part.js';
import { issuerMetadata } from './issuer-metadata/issuer-metadata.part.js';
import { ledger } from './ledger/ledger.part.js';
import { CreateCountyTables1795100000000 } from './migrations/create-county-tables.migration.js';
import { places } from './places/places.part.js';
import { Places } from './places/places.service.js';
import { redemptionDays } from './redemption-days/redemption-days.part.js';
import { redemption } from './redemption/redemption.part.js';
import { residents } from './residents/residents.part.js';
import { rollUp } from './roll-up/roll-up.part.js';
import { schemes } from './schemes/schemes.part.js';
import { statements } from './statements/statements.part.js';
import { statusLists } from './status-lists/status-lists.part.js';
import { AccountOwners } from './subjects/account-owners.js';
import { subjects } from './subjects/subjects.part.js';
import { wallets } from './wallets/wallets.part.js';

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

/** From who there is and what holds, over what was done, to what leaves the county. */
function partsOf(config: CountyConfig): readonly CountyPart[] {
  const people = [places(config), subjects(config), residents];
  const points = [schemes(config), ledger, wallets, activities, redemption, redemptionDays];
  const grades = [assessment, importedGrades, benefits, boards, rollUp];
  const outside = [enrolment, consent, attestations, badges, statusLists, statements(config), issuerMetadata];
  return [...people, ...points, ...grades, ...outside];
}

/**
 * A county: the issuing plane. Scheme and ledger make grades, which stay here; consent, a positive grade and a proven key make
 * attestations, which leave; the status list takes them back.
 */
@Module({})
export class CountyModule {
  /** @param clock the system's, unless a test hands in its own */
  static forRoot(config: CountyConfig, clock: Clock = new SystemClock()): DynamicModule {
    const parts = partsOf(config);
    return {
      module: CountyModule,
      imports: [
        ClockModule.forRoot(clock),
        databaseModule({
          url: config.databaseUrl,
          entities: [...staffEntities, ...outboxEntities, ...parts.flatMap(({ entities = [] }) => entities)],
          migrations: [
            ...staffMigrations,
            ...outboxMigrations,
            CreateCountyTables1795100000000,
            ...parts.flatMap(({ migrations = [] }) => migrations),
          ],
          applicationName: 'xinqiao-county',
        }),
        StaffModule.forRoot({
          roles: ROLES,
          sessionHours: SESSION_HOURS,
          production: config.production,
          places: Places,
          subjects: AccountOwners,
        }),
        BusModule.forRoot(config.bus),
      ],
      controllers: parts.flatMap(({ controllers = [] }) => controllers),
      providers: [
        { provide: COUNTY_CONFIG, useValue: config },
        { provide: CountyKeys, useFactory: () => CountyKeys.read(config.keysFile, config.production) },
        ...parts.flatMap(({ providers = [] }) => providers),
      ],
    };
  }
}
