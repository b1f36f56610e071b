import { Body, Controller, Get, Header, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { BenefitCheckAnswer, BenefitCheckRequest, BenefitsAnswer, NeedsAnswer, NeedsRequest } from './benefits.dto.js';
import { Benefits } from './benefits.service.js';
import { Needs } from './needs.service.js';

@ApiTags('benefits')
@Controller('v1/admin')
export class BenefitsController {
  constructor(
    private readonly benefits: Benefits,
    private readonly needs: Needs,
  ) {}

  @Get('schemes/:scheme/benefits')
  @Roles('provider', 'shopkeeper', 'manager', 'registrar', 'auditor')
  @Problems('ENTRY_SCHEME_UNKNOWN', 'PLACE_OUT_OF_SCOPE')
  @ApiOperation({ summary: 'The benefits of a scheme, and what each asks for' })
  @ApiOkResponse({ type: BenefitsAnswer })
  async list(@Param('scheme') scheme: string, @CurrentStaff() staff: Staff): Promise<BenefitsAnswer> {
    const benefits = await this.benefits.list(scheme, staff);
    return {
      benefits: benefits.map(({ id, label_zh: label, provider, requires, effect }) => {
        return { id, label, requires, effect, ...(provider !== undefined && { provider }) };
      }),
    };
  }

  @Post('benefits/checks')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Roles('provider')
  @Problems('ENTRY_SCHEME_UNKNOWN', 'PLACE_OUT_OF_SCOPE', 'BENEFIT_UNKNOWN', 'BENEFIT_OF_ANOTHER', 'CONSENT_MISSING')
  @Problems('KEY_REUSED')
  @ApiOperation({ summary: 'Whether somebody is given a benefit: yes or no, and nothing else' })
  @ApiOkResponse({ type: BenefitCheckAnswer })
  check(@Body() asked: BenefitCheckRequest, @CurrentStaff() staff: Staff): Promise<BenefitCheckAnswer> {
    return this.benefits.check(asked, staff);
  }

  @Get('subjects/:handle/needs')
  @Header('cache-control', 'no-store')
  @Roles('registrar')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'What a person or household needs, as recorded' })
  @ApiOkResponse({ type: NeedsAnswer })
  async read(@Param('handle') handle: string, @CurrentStaff() staff: Staff): Promise<NeedsAnswer> {
    return { needs: await this.needs.read(handle, staff) };
  }

  @Put('subjects/:handle/needs')
  @Header('cache-control', 'no-store')
  @Roles('registrar')
  @Problems('NOT_FOUND', 'SUBJECT_ENDED', 'SUBJECT_KIND_WRONG')
  @ApiOperation({ summary: 'Record what a person or household needs; what is left out is void' })
  @ApiOkResponse({ type: NeedsAnswer })
  async set(
    @Param('handle') handle: string,
    @Body() { needs }: NeedsRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<NeedsAnswer> {
    return { needs: await this.needs.set(handle, needs, staff) };
  }
}
