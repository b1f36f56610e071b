import type { CountyPart } from '../county-part.js';
import { AttestationIssuer } from './attestation-issuer.js';
import { AttestationEntity } from './attestation.entity.js';
import { AttestationsController } from './attestations.controller.js';
import { Attestations } from './attestations.service.js';
import { HolderKeyEntity } from './holder-key.entity.js';
import { RevocationsController } from './revocations.controller.js';
import { Revocations } from './revocations.service.js';

/** What leaves the county of a grade, and how it is taken back. */
export const attestations: CountyPart = {
  entities: [HolderKeyEntity, AttestationEntity],
  controllers: [AttestationsController, RevocationsController],
  providers: [AttestationIssuer, Attestations, Revocations],
};
