import { Controller, Get, Header, Headers, Inject, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { GatewayError, Problems, PublicRoute } from '#libs/platform';
import { COUNTY_CONFIG, type CountyConfig } from '../county.config.js';
import { StatusLists } from './status-lists.service.js';

@ApiTags('status list')
@Controller('s')
export class StatusListsController {
  constructor(
    private readonly lists: StatusLists,
    @Inject(COUNTY_CONFIG) private readonly config: CountyConfig,
  ) {}

  @Get(':list')
  @PublicRoute()
  @Header('access-control-allow-origin', '*')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'The signed status list (Token Status List §8.1); 304 on a matching If-None-Match' })
  @ApiProduces('application/statuslist+jwt')
  @ApiOkResponse({ description: 'A Status List Token' })
  async read(
    @Param('list') list: string,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | undefined> {
    const found = /^[1-9][0-9]{0,8}$/.test(list) ? await this.lists.find(Number(list)) : null;
    if (!found?.token) throw new GatewayError('NOT_FOUND');
    const etag = `"${found.tokenDigest}"`;
    void reply.header('etag', etag).header('cache-control', `public, max-age=${this.config.statusTtlSeconds}`);
    if (known === etag) {
      void reply.code(304);
      return undefined;
    }
    void reply.type('application/statuslist+jwt');
    // As bytes: fastify would append a charset the type does not have.
    return Buffer.from(found.token);
  }
}
