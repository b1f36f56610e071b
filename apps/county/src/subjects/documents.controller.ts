import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { EmptyBodyPipe } from '../empty-body.pipe.js';
import { Documents } from './documents.service.js';
import { subjectAnswer } from './subject-answer.js';
import { DocumentNumber, ResealedAnswer } from './documents.dto.js';
import { SubjectAnswer } from './subject-answers.dto.js';
import { Subjects } from './subjects.service.js';

const LOOK_UP_LIMIT = { rateLimit: { max: 60, timeWindow: 60_000 } };

@ApiTags('identity documents')
@Controller('v1/admin')
export class DocumentsController {
  constructor(
    private readonly documents: Documents,
    private readonly subjects: Subjects,
  ) {}

  @Post('subjects/:handle/document')
  @HttpCode(204)
  @Roles('registrar')
  @Problems('NOT_FOUND', 'SUBJECT_ENDED', 'SUBJECT_KIND_WRONG', 'DOCUMENT_NUMBER_INVALID', 'DOCUMENT_NUMBER_TAKEN')
  @ApiOperation({ summary: "Record the number of a person's document, in place of the one before" })
  @ApiNoContentResponse()
  async set(
    @Param('handle') handle: string,
    @Body() { type, number }: DocumentNumber,
    @CurrentStaff() staff: Staff,
  ): Promise<void> {
    await this.documents.set(handle, type, number, staff);
  }

  @Post('documents/look-ups')
  @HttpCode(200)
  @Roles('registrar')
  @RouteConfig(LOOK_UP_LIMIT)
  @Problems('NOT_FOUND', 'DOCUMENT_NUMBER_INVALID')
  @ApiOperation({ summary: 'The person that a number belongs to; every look-up is on record' })
  @ApiOkResponse({ type: SubjectAnswer })
  async find(@Body() { type, number }: DocumentNumber, @CurrentStaff() staff: Staff): Promise<SubjectAnswer> {
    const subject = await this.documents.find(type, number, staff);
    const [shown] = await this.subjects.withLast4([subject]);
    return subjectAnswer(shown ?? { subject, documentLast4: null });
  }

  @Post('documents/resealings')
  @HttpCode(200)
  @Roles('manager')
  @Problems('PLACE_OUT_OF_SCOPE', 'BODY_INVALID')
  @ApiOperation({ summary: 'Bring every number under the active keys, so that retired ones can go' })
  @ApiOkResponse({ type: ResealedAnswer })
  async reseal(@CurrentStaff() staff: Staff, @Body(EmptyBodyPipe) _body: undefined): Promise<ResealedAnswer> {
    return { resealed: await this.documents.resealAll(staff) };
  }
}
