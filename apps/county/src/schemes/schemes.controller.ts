import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { GatewayError, Problems, PublicRoute } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { CountySchemes } from './county-schemes.js';
import type { SchemeDraftEntity } from './scheme-draft.entity.js';
import { SchemeDrafts } from './scheme-drafts.service.js';
import type { SchemeVersion } from './scheme-version.js';
import {
  AdoptionRequest,
  type DraftAnswer,
  DraftDocumentAnswer,
  DraftRequest,
  DraftsAnswer,
  KeptDraftAnswer,
  SchemeAnswer,
  SchemeDocumentAnswer,
  SchemesAnswer,
} from './schemes.dto.js';

/** The members of an answer, without its class. */
type Plain<Answer> = { readonly [Member in keyof Answer]: Answer[Member] };

@ApiTags('schemes')
@Controller('v1')
export class SchemesController {
  constructor(
    private readonly schemes: CountySchemes,
    private readonly drafts: SchemeDrafts,
  ) {}

  @Get('schemes')
  @PublicRoute()
  @ApiOperation({ summary: 'The schemes in effect today, one version each' })
  @ApiOkResponse({ type: SchemesAnswer })
  async list(): Promise<SchemesAnswer> {
    return { schemes: (await this.schemes.book()).allInForce(this.schemes.today()).map(answerOf) };
  }

  @Get('schemes/:id')
  @PublicRoute()
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'The rules of a scheme as they hold today' })
  @ApiOkResponse({ type: SchemeDocumentAnswer })
  async read(@Param('id') id: string): Promise<SchemeDocumentAnswer> {
    const version = (await this.schemes.book()).inForce(id, this.schemes.today());
    if (version === undefined) throw new GatewayError('NOT_FOUND');
    return { ...answerOf(version), document: version.document };
  }

  @Post('admin/schemes/drafts')
  @HttpCode(200)
  @Roles('manager')
  @Problems('SCHEME_INVALID', 'PLACE_UNKNOWN', 'PLACE_OUT_OF_SCOPE', 'SCHEME_VERSION_ADOPTED')
  @ApiOperation({ summary: 'Keep a document as a draft, in the place of an earlier draft of the same version' })
  @ApiOkResponse({ type: KeptDraftAnswer })
  keep(@Body() { document }: DraftRequest, @CurrentStaff() staff: Staff): Promise<KeptDraftAnswer> {
    return this.drafts.keep(document, staff);
  }

  @Get('admin/schemes/drafts')
  @Roles('manager', 'auditor')
  @ApiOperation({ summary: 'The drafts of the places one may act in' })
  @ApiOkResponse({ type: DraftsAnswer })
  async listDrafts(@CurrentStaff() staff: Staff): Promise<DraftsAnswer> {
    return { drafts: (await this.drafts.list(staff)).map(draftAnswerOf) };
  }

  @Get('admin/schemes/drafts/:id/versions/:version')
  @Roles('manager', 'auditor')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'A draft as it is written' })
  @ApiOkResponse({ type: DraftDocumentAnswer })
  async readDraft(
    @Param('id') id: string,
    @Param('version', ParseIntPipe) version: number,
    @CurrentStaff() staff: Staff,
  ): Promise<DraftDocumentAnswer> {
    const draft = await this.drafts.find(id, version, staff);
    return { ...draftAnswerOf(draft), document: draft.written };
  }

  @Post('admin/schemes/drafts/:id/versions/:version/adoption')
  @Roles('manager')
  @Problems(
    'NOT_FOUND',
    'ADOPTION_BY_DRAFTER',
    'SCHEME_INVALID',
    'PLACE_OUT_OF_SCOPE',
    'SCHEME_VERSION_ADOPTED',
    'SCHEME_RETROACTIVE',
    'SCHEME_EXPORT_TAKEN',
  )
  @ApiOperation({
    summary: 'Record that a draft was adopted: from now on it is immutable, and holds from its first day',
  })
  @ApiCreatedResponse({ type: SchemeAnswer })
  async adopt(
    @Param('id') id: string,
    @Param('version', ParseIntPipe) version: number,
    @Body() { body, date, record }: AdoptionRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<SchemeAnswer> {
    return answerOf(await this.drafts.adopt(id, version, { body, date, record }, staff));
  }
}

function answerOf({ document, digest }: SchemeVersion): Plain<SchemeAnswer> {
  const { id, version, name_zh: name, place, kind, basis, valid } = document;
  return { id, version, name, place, kind, basis, from: valid.from, digest };
}

function draftAnswerOf({ schemeId: id, version, place, draftedBy, draftedAt }: SchemeDraftEntity): Plain<DraftAnswer> {
  return { id, version, place, draftedBy, draftedAt };
}
