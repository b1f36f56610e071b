import { createHash } from 'node:crypto';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { PublicRoute } from '#libs/platform';
import { answerCached, CACHING } from '../heads/cached-answer.js';

/** The type metadata as one text, made once. */
export class TypeMetadata {
  readonly tag: string;

  constructor(readonly text: string) {
    this.tag = createHash('sha256').update(text).digest('base64url');
  }
}

@ApiTags('published')
@PublicRoute()
@Controller('vct')
export class TypeMetadataController {
  constructor(private readonly metadata: TypeMetadata) {}

  @Get('tier/1')
  @ApiOperation({ summary: 'SD-JWT VC Type Metadata of tier attestations' })
  @ApiOkResponse({ schema: { type: 'object' } })
  tier(@Headers('if-none-match') known: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    const { tag, text } = this.metadata;
    return answerCached(reply, known, { tag, caching: CACHING.hourly, body: () => text });
  }
}
