import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Problems, PublicRoute } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import type { Replay } from '#libs/verifier';
import { AUDITOR, GATE_MANAGER, SHOP } from '../gate-roles.js';
import { requireScope } from '../sites/site-directory.js';
import { ReceiptBook } from './receipt-book.js';
import { ReceiptKeys } from './receipt-keys.js';

class ReceiptAnswer {
  @ApiProperty({ description: 'Compact JWS, typ xinqiao-receipt+jwt' })
  receipt!: string;

  @ApiProperty({ required: false, description: "Compact JWS of the clerk's decision" })
  decision?: string;

  @ApiProperty({ required: false, description: 'Compact JWS that takes the grant back' })
  voided?: string;
}

class ReceiptKeyAnswer {
  @ApiProperty()
  partner!: string;

  @ApiProperty()
  kid!: string;

  @ApiProperty()
  alg!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Public JWK' })
  jwk!: object;
}

class ReceiptKeysAnswer {
  @ApiProperty({ type: [ReceiptKeyAnswer] })
  keys!: ReceiptKeyAnswer[];
}

class ReplayAnswer {
  @ApiProperty({ enum: ['replayed', 'documents_missing'] })
  kind!: string;

  @ApiProperty({ required: false })
  engine?: string;

  @ApiProperty({ required: false })
  verdict?: string;

  @ApiProperty({ required: false, description: 'Whether the verdict is the recorded one' })
  agrees?: boolean;

  @ApiProperty({ type: [String], required: false })
  digests?: string[];
}

@ApiTags('receipts')
@Controller('v1')
export class ReceiptsController {
  constructor(
    private readonly book: ReceiptBook,
    private readonly keys: ReceiptKeys,
  ) {}

  @Get('receipts/:id')
  @Roles(AUDITOR, GATE_MANAGER, SHOP)
  @Problems('NOT_FOUND', 'SITE_OUT_OF_SCOPE')
  @ApiOperation({ summary: 'A receipt, and what was signed about it later' })
  @ApiOkResponse({ type: ReceiptAnswer })
  async show(@Param('id', ParseUUIDPipe) id: string, @CurrentStaff() staff: Staff): Promise<ReceiptAnswer> {
    const { site, receipt, decisionRecord, voidRecord } = await this.book.find(id);
    requireScope(staff, site);
    return {
      receipt,
      ...(decisionRecord === null ? {} : { decision: decisionRecord }),
      ...(voidRecord === null ? {} : { voided: voidRecord }),
    };
  }

  @Post('receipts/:id/replay')
  @HttpCode(200)
  @Roles(AUDITOR, GATE_MANAGER)
  @Problems('NOT_FOUND', 'SITE_OUT_OF_SCOPE', 'RECEIPT_DAMAGED')
  @ApiOperation({ summary: 'Decides again from what the receipt recorded and the documents kept' })
  @ApiOkResponse({ type: ReplayAnswer })
  async replay(@Param('id', ParseUUIDPipe) id: string, @CurrentStaff() staff: Staff): Promise<Replay> {
    const verification = await this.book.find(id);
    requireScope(staff, verification.site);
    return this.book.replay(verification);
  }

  @Get('receipt-keys')
  @PublicRoute()
  @ApiOperation({ summary: "The partners' public receipt keys" })
  @ApiOkResponse({ type: ReceiptKeysAnswer })
  receiptKeys(): ReceiptKeysAnswer {
    const keys = this.keys.all().map(({ partner, signer: { kid, key, publicJwk } }) => {
      return { partner, kid, alg: key.suite, jwk: publicJwk };
    });
    return { keys };
  }
}
