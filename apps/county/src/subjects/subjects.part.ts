import { DataSource } from 'typeorm';
import { Clock } from '#libs/platform';
import { AuditTrail } from '#libs/staff';
import type { CountyConfig } from '../county.config.js';
import type { CountyPart } from '../county-part.js';
import { AddPlaceSince1796000820000 } from '../migrations/add-place-since.migration.js';
import { createSubjects } from '../migrations/create-subjects.migration.js';
import { Places } from '../places/places.service.js';
import { AccountOwners } from './account-owners.js';
import { CloseAccount } from './close-account.service.js';
import { DocumentVault } from './document-vault.js';
import { DocumentsController } from './documents.controller.js';
import { Documents } from './documents.service.js';
import { DoorEntity } from './door.entity.js';
import { DoorsController } from './doors.controller.js';
import { Doors } from './doors.service.js';
import { EndingsController } from './endings.controller.js';
import { Endings } from './endings.service.js';
import { MembershipEntity } from './membership.entity.js';
import { MembershipsController } from './memberships.controller.js';
import { Memberships } from './memberships.service.js';
import { Merges } from './merges.service.js';
import { RecordSubjects } from './record-subjects.service.js';
import { SubjectDocumentEntity } from './subject-document.entity.js';
import { SubjectMergeEntity } from './subject-merge.entity.js';
import { SubjectEntity } from './subject.entity.js';
import { SubjectsController } from './subjects.controller.js';
import { Subjects } from './subjects.service.js';

/** Whoever or whatever schemes speak of; the keys of document numbers are read before anything else runs. */
export const subjects = ({ place, subjectKeysFile, production }: CountyConfig): CountyPart => ({
  entities: [SubjectEntity, MembershipEntity, SubjectMergeEntity, DoorEntity, SubjectDocumentEntity],
  migrations: [createSubjects(place), AddPlaceSince1796000820000],
  controllers: [SubjectsController, EndingsController, MembershipsController, DoorsController, DocumentsController],
  providers: [
    Subjects,
    RecordSubjects,
    Memberships,
    CloseAccount,
    Endings,
    Merges,
    Doors,
    AccountOwners,
    { provide: DocumentVault, useFactory: () => DocumentVault.read(subjectKeysFile, production) },
    {
      provide: Documents,
      inject: [DataSource, Clock, AuditTrail, Places, DocumentVault],
      useFactory: (...parts: Parameters<typeof Documents.open>) => Documents.open(...parts),
    },
  ],
});
