import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { DataSource } from 'typeorm';
import { coveredPlaces, CurrentStaff, Roles, type Staff } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { CLIENT_KEY, EvidenceBody } from './ledger.dto.js';

/** States in which somebody has to do something. */
const OPEN_STATES = ['declared', 'verified', 'contested'] as const;

class WorklistQuery {
  @ApiProperty({ enum: OPEN_STATES })
  @IsIn(OPEN_STATES)
  state!: (typeof OPEN_STATES)[number];

  @ApiPropertyOptional({ description: 'Id of a scheme' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  scheme?: string;

  @ApiPropertyOptional({ description: 'The last id of the page before' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  after?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1_000, default: 200 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit = 200;
}

class OpenEntryAnswer {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  scheme!: string;

  @ApiProperty({ description: 'Handle' })
  subject!: string;

  @ApiProperty()
  place!: string;

  @ApiProperty()
  rule!: string;

  @ApiProperty({ type: 'integer' })
  quantity!: number;

  @ApiProperty({ type: String, nullable: true })
  label!: string | null;

  @ApiProperty({ format: 'date' })
  occurredOn!: string;

  @ApiProperty({ type: [EvidenceBody] })
  evidence!: readonly EvidenceBody[];

  @ApiProperty({ type: String, nullable: true, description: 'The entry it would take back' })
  reverses!: string | null;

  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;

  @ApiProperty({ description: 'User name, or what stands for a resident' })
  recordedBy!: string;
}

class WorklistAnswer {
  @ApiProperty({ type: [OpenEntryAnswer] })
  entries!: readonly OpenEntryAnswer[];
}

@ApiTags('ledger')
@Controller('v1/admin/entries')
export class WorklistController {
  constructor(
    private readonly database: DataSource,
    private readonly places: Places,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @Roles('verifier', 'approver', 'manager', 'auditor')
  @ApiOperation({ summary: 'Entries that wait for somebody, in the places of who asks; by id' })
  @ApiOkResponse({ type: WorklistAnswer })
  async open(
    @Query() { state, scheme, after, limit }: WorklistQuery,
    @CurrentStaff() staff: Staff,
  ): Promise<WorklistAnswer> {
    const tree = await this.places.tree();
    const places = coveredPlaces(staff)?.flatMap((place) => tree.within(place)) ?? null;
    const entries = await this.database.query<readonly OpenEntryAnswer[]>(
      `SELECT entry.id, entry.scheme_id AS scheme, subject.handle AS subject, subject.place, entry.rule_id AS rule, entry.quantity,
        entry.label, entry.occurred_on::text AS "occurredOn", entry.evidence, entry.reverses, entry.reason,
        entry.recorded_by AS "recordedBy"
      FROM ledger_entry AS entry JOIN subject ON subject.id = entry.subject_id
      WHERE entry.state = $1 AND entry.credit_of IS NULL AND ($2::text IS NULL OR entry.scheme_id = $2)
        AND entry.id > $3 AND ($4::text[] IS NULL OR subject.place = ANY($4))
      ORDER BY entry.id LIMIT $5`,
      [state, scheme ?? null, after ?? '', places, limit],
    );
    return { entries };
  }
}
