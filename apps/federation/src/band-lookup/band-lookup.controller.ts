import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Problems, PublicRoute } from '#libs/platform';
import { answerCached, CACHING } from '../heads/cached-answer.js';
import { BandLookUpAnswer, BandLookUpQuery } from './band-lookup.dto.js';
import { BandLookUp } from './band-lookup.js';

@ApiTags('published')
@PublicRoute()
@Controller('v1/equivalence')
export class BandLookUpController {
  constructor(private readonly lookUp: BandLookUp) {}

  @Get()
  @Problems('BODY_INVALID', 'HEAD_NOT_PUBLISHED')
  @ApiOperation({ summary: 'Which band has this grade of this scheme on this day' })
  @ApiOkResponse({ type: BandLookUpAnswer })
  async find(
    @Query() query: BandLookUpQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { answer, headDigest } = await this.lookUp.find(query);
    // The day is part of the tag: without one in the question, the answer changes at midnight.
    const tag = `${headDigest}-${answer.day}`;
    return answerCached(reply, known, { tag, caching: CACHING.current, body: () => JSON.stringify(answer) });
  }
}
