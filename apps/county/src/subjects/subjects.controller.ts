import { Body, Controller, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { RecordedAnswer } from '../residents/residents.dto.js';
import { RecordSubjects } from './record-subjects.service.js';
import { subjectAnswer } from './subject-answer.js';
import { FoundSubjectsAnswer, ShownSubjectAnswer } from './subject-answers.dto.js';
import {
  ChangeSubjectRequest,
  OpenAccountRequest,
  RecordSubjectsRequest,
  SearchSubjectsRequest,
} from './subjects.dto.js';
import { Subjects } from './subjects.service.js';

/** Enough for a desk; too little to copy a register name by name. */
const SEARCH_LIMIT = { rateLimit: { max: 120, timeWindow: 60_000 } };

@ApiTags('subjects')
@Controller('v1/admin/subjects')
export class SubjectsController {
  constructor(
    private readonly recording: RecordSubjects,
    private readonly subjects: Subjects,
  ) {}

  @Post()
  @HttpCode(200)
  @Roles('registrar')
  @Problems('PLACE_UNKNOWN', 'PLACE_OUT_OF_SCOPE', 'SUBJECT_MINOR', 'SUBJECT_DIFFERS')
  @Problems('DOCUMENT_NUMBER_INVALID', 'DOCUMENT_NUMBER_TAKEN')
  @ApiOperation({ summary: 'Record up to 500 subjects of any kind, all or none; repeating a request changes nothing' })
  @ApiOkResponse({ type: RecordedAnswer })
  record(@Body() { subjects }: RecordSubjectsRequest, @CurrentStaff() staff: Staff): Promise<RecordedAnswer> {
    return this.recording.record(subjects, staff);
  }

  @Post('searches')
  @HttpCode(200)
  @Roles('registrar', 'collector')
  @RouteConfig(SEARCH_LIMIT)
  @Problems('PLACE_UNKNOWN', 'PLACE_OUT_OF_SCOPE')
  @ApiOperation({ summary: 'Everybody of a name, or behind a door number, in a place: namesakes are all listed' })
  @ApiOkResponse({ type: FoundSubjectsAnswer })
  async search(@Body() search: SearchSubjectsRequest, @CurrentStaff() staff: Staff): Promise<FoundSubjectsAnswer> {
    const { found, more } = await this.subjects.search(search, staff);
    return { subjects: found.map(subjectAnswer), more };
  }

  @Get(':handle')
  @Roles('registrar', 'collector')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'A subject, what it belongs to and what belongs to it' })
  @ApiOkResponse({ type: ShownSubjectAnswer })
  async show(@Param('handle') handle: string, @CurrentStaff() staff: Staff): Promise<ShownSubjectAnswer> {
    const { memberOf, members, ...shown } = await this.subjects.show(handle, staff);
    return { ...subjectAnswer(shown), memberOf: [...memberOf], members: [...members] };
  }

  @Patch(':handle')
  @HttpCode(204)
  @Roles('registrar')
  @Problems('NOT_FOUND', 'SUBJECT_ENDED', 'SUBJECT_KIND_WRONG', 'PLACE_UNKNOWN', 'PLACE_OUT_OF_SCOPE')
  @ApiOperation({ summary: 'Correct a name or door number, or move a subject to another place of the county' })
  @ApiNoContentResponse()
  async change(
    @Param('handle') handle: string,
    @Body() change: ChangeSubjectRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<void> {
    await this.subjects.change(handle, change, staff);
  }

  @Post(':handle/account')
  @HttpCode(204)
  @Roles('registrar')
  @Problems('NOT_FOUND', 'SUBJECT_ENDED', 'SUBJECT_KIND_WRONG', 'SUBJECT_MINOR', 'SUBJECT_DIFFERS')
  @ApiOperation({ summary: 'Open the account of a person who had none: of age by now, or joining late' })
  @ApiNoContentResponse()
  async openAccount(
    @Param('handle') handle: string,
    @Body() { documentLast4 }: OpenAccountRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<void> {
    await this.subjects.openAccount(handle, documentLast4, staff);
  }
}
