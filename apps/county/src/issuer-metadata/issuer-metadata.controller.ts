import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { PublicRoute, type PublishedJwk } from '#libs/platform';
import { COUNTY_CONFIG, type CountyConfig } from '../county.config.js';
import { CountyKeys } from '../county-keys.js';

class JwksAnswer {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  keys!: readonly PublishedJwk[];
}

class IssuerMetadataAnswer {
  @ApiProperty()
  issuer!: string;

  @ApiProperty({ type: JwksAnswer })
  jwks!: JwksAnswer;
}

/**
 * For standard wallets and verifiers; our own gates take keys from the alliance's bundle only. Whatever is listed here may sign
 * credentials for such a verifier, since the metadata knows no purposes: so keys of status lists stand in the bundle alone.
 */
@ApiTags('issuer metadata')
@Controller('.well-known')
export class IssuerMetadataController {
  constructor(
    private readonly keys: CountyKeys,
    @Inject(COUNTY_CONFIG) private readonly config: CountyConfig,
  ) {}

  @Get('jwt-vc-issuer')
  @PublicRoute()
  @Header('access-control-allow-origin', '*')
  @Header('cache-control', 'public, max-age=3600')
  @ApiOperation({ summary: 'JWT VC Issuer Metadata (SD-JWT VC): public keys of attestations' })
  @ApiOkResponse({ type: IssuerMetadataAnswer })
  read(): IssuerMetadataAnswer {
    return { issuer: this.config.id, jwks: { keys: this.keys.published } };
  }
}
