import type { EntityManager } from 'typeorm';
import { AssessmentEntity } from './assessment.entity.js';

/** A resident's current assessment with its run: the latest of the latest year assessed. */
export async function currentAssessment(manager: EntityManager, residentId: string): Promise<AssessmentEntity | null> {
  return manager.findOne(AssessmentEntity, {
    where: { residentId },
    order: { year: 'DESC', id: 'DESC' },
    relations: { run: true },
  });
}
