import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Between, DataSource, LessThan } from 'typeorm';
import { GatewayError, Problems } from '#libs/platform';
import { AuditRecordEntity } from './audit-record.entity.js';
import {
  AuditPageAnswer,
  type AuditRecordAnswer,
  AuditVerificationAnswer,
  ListAuditQuery,
  VerifyAuditQuery,
} from './audit.dto.js';
import { CurrentStaff } from './current-staff.js';
import { staffCovers } from './grants.js';
import { Roles } from './route-access.js';
import type { Staff } from './staff.js';
import { type NamedSeal, verifyAuditTrail } from './verify-audit-trail.js';

/** The trail knows no places: it is shown to auditors of the whole service. */
@ApiTags('audit')
@Controller('v1/admin/audit')
@Roles('auditor')
@Problems('STAFF_OUT_OF_SCOPE')
export class AuditController {
  constructor(private readonly database: DataSource) {}

  @Get()
  @ApiOperation({ summary: 'The acts of staff, newest first' })
  @ApiOkResponse({ type: AuditPageAnswer })
  async list(@Query() query: ListAuditQuery, @CurrentStaff() staff: Staff): Promise<AuditPageAnswer> {
    requireWholeService(staff);
    const { actor, action, target, from, to, before, limit } = query;
    const found = await this.database.manager.find(AuditRecordEntity, {
      where: {
        ...(actor === undefined ? {} : { actor }),
        ...(action === undefined ? {} : { action }),
        ...(target === undefined ? {} : { target }),
        ...(before === undefined ? {} : { id: LessThan(before) }),
        at: Between(new Date(from * 1000), new Date(to * 1000)),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const records = found.slice(0, limit).map(answerOf);
    return { records, next: found.length > limit ? (records.at(-1)?.id ?? null) : null };
  }

  @Get('verification')
  @ApiOperation({ summary: 'Whether the trail is what was sealed, recomputed from the first record on' })
  @ApiOkResponse({ type: AuditVerificationAnswer })
  async verify(
    @Query() { published }: VerifyAuditQuery,
    @CurrentStaff() staff: Staff,
  ): Promise<AuditVerificationAnswer> {
    requireWholeService(staff);
    const { last, ...found } = await verifyAuditTrail(
      this.database,
      published === undefined ? undefined : named(published),
    );
    return { ...found, last: last === null ? null : `${last.seq}.${last.digest}` };
  }
}

function requireWholeService(staff: Staff): void {
  if (!staffCovers(staff, null)) throw new GatewayError('STAFF_OUT_OF_SCOPE');
}

function named(published: string): NamedSeal {
  const [seq, digest = ''] = published.split('.');
  return { seq: Number(seq), digest };
}

function answerOf({ id, at, actor, action, target, detail, seal }: AuditRecordEntity): AuditRecordAnswer {
  return { id, at: Math.floor(at.getTime() / 1000), actor, action, target, detail: { ...detail }, seal };
}
