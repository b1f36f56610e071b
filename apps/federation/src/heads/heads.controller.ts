import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { encodeBase64url } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Problems, PublicRoute } from '#libs/platform';
import { SignedDocumentDto } from '../delegation/delegation.dto.js';
import { DigestParameter } from '../documents/documents.dto.js';
import { answerCached, CACHING } from './cached-answer.js';
import { BundleAnswer, DigestsAnswer, DocsRootParameter, HeadAnswer, HeadParameters } from './heads.dto.js';
import { PublishedHeads } from './published-heads.js';

const UNCHANGED = { status: 304, description: 'The caller has it already (If-None-Match)' } as const;

/** What gates fetch. All of it is signed and public, so a CDN can serve it (design §4.5). */
@ApiTags('published')
@PublicRoute()
@Controller('v1')
export class HeadsController {
  constructor(private readonly published: PublishedHeads) {}

  @Get('head')
  @Problems('HEAD_NOT_PUBLISHED')
  @ApiOperation({ summary: 'The latest head, with the anchors, the delegation and the round it stands on' })
  @ApiOkResponse({ type: HeadAnswer })
  @ApiResponse(UNCHANGED)
  async head(@Headers('if-none-match') known: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    const head = await this.published.latestOrRefuse();
    const body = async () => JSON.stringify(await this.published.withProof(head));
    return answerCached(reply, known, { tag: head.digest, caching: CACHING.current, body });
  }

  @Get('heads/:epoch/:seq')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'An older head, for replaying a decision' })
  @ApiOkResponse({ type: HeadAnswer })
  @ApiResponse(UNCHANGED)
  async older(
    @Param() { epoch, seq }: HeadParameters,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const head = await this.published.at(epoch, seq);
    const body = async () => JSON.stringify(await this.published.withProof(head));
    return answerCached(reply, known, { tag: head.digest, caching: CACHING.forEver, body });
  }

  @Get('bundle')
  @Problems('HEAD_NOT_PUBLISHED')
  @ApiOperation({ summary: 'The latest head and every document under it: all that a gate needs' })
  @ApiOkResponse({ type: BundleAnswer })
  @ApiResponse(UNCHANGED)
  async bundle(@Headers('if-none-match') known: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    const head = await this.published.latestOrRefuse();
    const body = async () => JSON.stringify(await this.published.bundle(head));
    return answerCached(reply, known, { tag: `bundle-${head.digest}`, caching: CACHING.current, body });
  }

  @Get('documents/:digest')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'A signed document that is, or once was, published' })
  @ApiOkResponse({ type: SignedDocumentDto })
  @ApiResponse(UNCHANGED)
  async document(
    @Param() { digest }: DigestParameter,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const document = await this.published.document(digest);
    const body = () => JSON.stringify(document);
    // Signatures change with keys and officers; a cache that kept the old ones would keep it inert.
    const tag = encodeBase64url(await nodeCrypto.sha256([document.payload, ...document.signatures].join()));
    return answerCached(reply, known, { tag, caching: CACHING.current, body });
  }

  @Get('rounds/:docsRoot/documents')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'The digests under a docs_root, so that a gate fetches what it lacks' })
  @ApiOkResponse({ type: DigestsAnswer })
  @ApiResponse(UNCHANGED)
  async documentsUnder(
    @Param() { docsRoot }: DocsRootParameter,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const digests = await this.published.documentsUnder(docsRoot);
    const body = () => JSON.stringify({ digests });
    return answerCached(reply, known, { tag: docsRoot, caching: CACHING.forEver, body });
  }
}
