import type { CountyPart } from '../county-part.js';
import { EnrolmentCodeEntity } from './enrolment-code.entity.js';
import { EnrolmentCodes } from './enrolment-codes.service.js';
import { EnrolmentEntity } from './enrolment.entity.js';
import { EnrolmentsController } from './enrolments.controller.js';
import { Enrolments } from './enrolments.service.js';
import { Nonces } from './nonces.service.js';

/** Phones and their keys. */
export const enrolment: CountyPart = {
  entities: [EnrolmentCodeEntity, EnrolmentEntity],
  controllers: [EnrolmentsController],
  providers: [EnrolmentCodes, Enrolments, Nonces],
};
