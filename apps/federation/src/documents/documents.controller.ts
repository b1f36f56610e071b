import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { JsonObject } from '#libs/jose-profile';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { AUDITOR, OFFICER, REGISTRAR } from '../roles.js';
import { DocumentRegister } from './document-register.js';
import {
  DigestParameter,
  DocumentAnswer,
  DocumentList,
  DocumentQuery,
  FileDocumentRequest,
  SignatureRequest,
} from './documents.dto.js';
import { Documents } from './documents.js';

const CHECKS = [
  'DOCUMENT_REFERENCE_MISSING',
  'DOCUMENT_OVERTAKEN',
  'KEY_SHARED',
  'STATUS_LIST_SHARED',
  'KEY_ORDER_WRONG',
  'SCHEME_OF_ANOTHER_MEMBER',
  'LINT_FAILED',
  'FEDERATION_NOT_OPEN',
] as const;
const SIGNING = [
  'DOCUMENT_NOT_OPEN',
  'SIGNATURE_REFUSED',
  'SIGNER_UNKNOWN',
  'SIGNATURE_NOT_NEEDED',
  'KEY_STILL_NEEDED',
] as const;

@ApiTags('documents')
@Controller('v1/admin/documents')
export class DocumentsController {
  constructor(
    private readonly documents: Documents,
    private readonly register: DocumentRegister,
  ) {}

  @Post()
  @Roles(OFFICER, REGISTRAR)
  @Problems('DOCUMENT_INVALID', 'FOUNDING_CLOSED', ...CHECKS, ...SIGNING)
  @ApiOperation({ summary: 'File a document and submit it for signing' })
  @ApiCreatedResponse({ type: DocumentAnswer })
  async file(@Body() body: FileDocumentRequest, @CurrentStaff() staff: Staff): Promise<DocumentAnswer> {
    const { payload, draft, submittedAt, signatures } = body;
    const document = { payload: payload as JsonObject, draft, submittedAt, signatures };
    const digest = await this.documents.file(document, staff.username);
    return this.register.find(digest);
  }

  @Get()
  @Roles(OFFICER, REGISTRAR, AUDITOR)
  @Problems('FEDERATION_NOT_OPEN')
  @ApiOperation({ summary: 'The documents, with their states and missing signatures; at most 1,000' })
  @ApiOkResponse({ type: DocumentList })
  async list(@Query() query: DocumentQuery): Promise<DocumentList> {
    return { documents: [...(await this.register.list(query))] };
  }

  @Get(':digest')
  @Roles(OFFICER, REGISTRAR, AUDITOR)
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'One document' })
  @ApiOkResponse({ type: DocumentAnswer })
  find(@Param() { digest }: DigestParameter): Promise<DocumentAnswer> {
    return this.register.find(digest);
  }

  @Post(':digest/submission')
  @HttpCode(200)
  @Roles(OFFICER, REGISTRAR)
  @Problems('NOT_FOUND', 'DOCUMENT_NOT_OPEN', ...CHECKS)
  @ApiOperation({ summary: 'Submit a draft for signing; the notice of a table counts from now' })
  @ApiOkResponse({ type: DocumentAnswer })
  async submit(@Param() { digest }: DigestParameter, @CurrentStaff() staff: Staff): Promise<DocumentAnswer> {
    await this.documents.submit(digest, staff.username);
    return this.register.find(digest);
  }

  @Post(':digest/signatures')
  @HttpCode(200)
  @Roles(OFFICER, REGISTRAR)
  @Problems('NOT_FOUND', ...SIGNING, ...CHECKS)
  @ApiOperation({ summary: 'Add a signature that was made offline; it is verified at once' })
  @ApiOkResponse({ type: DocumentAnswer })
  async sign(
    @Param() { digest }: DigestParameter,
    @Body() { signature }: SignatureRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<DocumentAnswer> {
    await this.documents.sign({ digest, signature }, staff.username);
    return this.register.find(digest);
  }
}
