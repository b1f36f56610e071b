import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { shanghaiDay } from '#libs/calendar';
import { Clock, Problems, PublicRoute } from '#libs/platform';
import { answerCached, CACHING } from '../heads/cached-answer.js';
import { PublishedTrust } from '../heads/published-trust.js';
import { listMembers } from './member-list.js';
import { MembersAnswer } from './members.dto.js';

@ApiTags('published')
@PublicRoute()
@Controller('v1/members')
export class MembersController {
  constructor(
    private readonly trust: PublishedTrust,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Problems('HEAD_NOT_PUBLISHED')
  @ApiOperation({ summary: 'Who is a member, which schemes it has declared, and whether their grades have bands' })
  @ApiOkResponse({ type: MembersAnswer })
  async list(
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const [trust, day] = [await this.trust.current(), shanghaiDay(this.clock.now())];
    // A table may come into effect at midnight.
    const tag = `${trust.headDigest}-${day}`;
    const body = () => JSON.stringify({ members: listMembers(trust, day) } satisfies MembersAnswer);
    return answerCached(reply, known, { tag, caching: CACHING.current, body });
  }
}
