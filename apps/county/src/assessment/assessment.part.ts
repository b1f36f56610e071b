import type { CountyPart } from '../county-part.js';
import { ExtendAssessments1796000500000 } from '../migrations/extend-assessments.migration.js';
import { AssessmentRunEntity } from './assessment-run.entity.js';
import { AssessmentsController } from './assessments.controller.js';
import { Assessments } from './assessments.service.js';
import { Explanations } from './explanations.service.js';
import { Releases } from './releases.service.js';
import { ResultsController } from './results.controller.js';
import { AssessmentResults } from './results.service.js';
import { SimulationsController } from './simulations.controller.js';
import { Simulations } from './simulations.service.js';

/** From entries to grades: runs, releases, results, explanations, simulations. */
export const assessment: CountyPart = {
  entities: [AssessmentRunEntity],
  migrations: [ExtendAssessments1796000500000],
  controllers: [AssessmentsController, ResultsController, SimulationsController],
  providers: [Assessments, Releases, Simulations, Explanations, AssessmentResults],
};
