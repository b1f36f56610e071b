import type { CountyPart } from '../county-part.js';
import { CreateImportedGrades1796000710000 } from '../migrations/create-imported-grades.migration.js';
import { GradeCalendar } from './grade-calendar.js';
import { ImportedGradesController } from './imported-grades.controller.js';
import { ImportedGrades } from './imported-grades.service.js';

/** Grades of other systems. */
export const importedGrades: CountyPart = {
  controllers: [ImportedGradesController],
  providers: [ImportedGrades, GradeCalendar],
  migrations: [CreateImportedGrades1796000710000],
};
