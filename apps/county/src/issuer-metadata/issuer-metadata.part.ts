import type { CountyPart } from '../county-part.js';
import { IssuerMetadataController } from './issuer-metadata.controller.js';

/** The county's public keys. */
export const issuerMetadata: CountyPart = {
  controllers: [IssuerMetadataController],
};
