import { CreateImportedGrades1796000710000 } from '../migrations/create-imported-grades.migration.js';
import { GradeCalendar } from './grade-calendar.js';
import { ImportedGradesController } from './imported-grades.controller.js';
import { ImportedGrades } from './imported-grades.service.js';

/** Grades of other systems, for `CountyModule`. */
export const importedGrades = {
  controllers: [ImportedGradesController],
  providers: [ImportedGrades, GradeCalendar],
  migrations: [CreateImportedGrades1796000710000],
};
