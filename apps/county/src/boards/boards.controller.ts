import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';
import { type Board, boardPage } from '../printed/board.js';
import { printedName } from '../printed/printed-name.js';
import { PrintedPage } from '../printed/printed-routes.js';
import { Boards } from './boards.service.js';

const SURFACES = ['board', 'pyramid', 'screen', 'red_list', 'black_list', 'honour'] as const;

class BoardQuery {
  @ApiPropertyOptional({ description: 'Id of a metric; may be left out where the scheme has one' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  metric?: string;

  @ApiPropertyOptional({ description: "Where it hangs: the scheme's own place unless named" })
  @IsOptional()
  @Matches(CLIENT_KEY)
  place?: string;
}

class BoardParams {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  run!: string;

  @ApiProperty({ enum: SURFACES })
  @IsIn(SURFACES)
  surface!: (typeof SURFACES)[number];
}

class BoardLineAnswer {
  @ApiProperty({ type: 'integer', nullable: true })
  rank!: number | null;

  @ApiProperty({ description: 'A masked name or a door' })
  who!: string;

  @ApiProperty()
  value!: string;
}

class BoardListAnswer {
  @ApiProperty()
  title!: string;

  @ApiProperty({ type: [BoardLineAnswer] })
  lines!: readonly BoardLineAnswer[];
}

class BoardAnswer {
  @ApiProperty({ enum: SURFACES })
  surface!: (typeof SURFACES)[number];

  @ApiProperty()
  scheme!: string;

  @ApiProperty()
  place!: string;

  @ApiProperty()
  period!: string;

  @ApiProperty({ format: 'date', nullable: true, description: 'The last day it hangs' })
  until!: string | null;

  @ApiProperty({ type: [BoardListAnswer] })
  lists!: readonly BoardListAnswer[];
}

class RectificationAnswer {
  @ApiProperty({ description: 'Handle' })
  subject!: string;

  @ApiProperty()
  place!: string;

  @ApiProperty({ description: 'A door, or a masked name' })
  who!: string;

  @ApiProperty()
  rule!: string;

  @ApiProperty({ description: 'What the inspection found' })
  label!: string;

  @ApiProperty({ format: 'date', description: 'The day of the inspection' })
  since!: string;
}

class RectificationsAnswer {
  @ApiProperty({ type: [RectificationAnswer] })
  rectifications!: readonly RectificationAnswer[];
}

@ApiTags('boards')
@Controller('v1/admin')
export class BoardsController {
  constructor(private readonly boards: Boards) {}

  @Get('assessments/:run/boards/:surface/page')
  @Roles('manager', 'assessor')
  @PrintedPage()
  @Problems('NOT_FOUND', 'RUN_NOT_RELEASED', 'BOARD_OVER', 'PLACE_LEVEL_WRONG')
  @ApiOperation({ summary: 'What a place shows of a released run, as a page to print' })
  async page(
    @Param() { run, surface }: BoardParams,
    @Query() { metric, place }: BoardQuery,
    @CurrentStaff() staff: Staff,
  ): Promise<string> {
    return boardPage(await this.boards.board(run, { surface, metric, place }, staff));
  }

  @Get('assessments/:run/boards/:surface')
  @Roles('manager', 'assessor')
  @Header('cache-control', 'no-store')
  @Problems('NOT_FOUND', 'RUN_NOT_RELEASED', 'BOARD_OVER', 'PLACE_LEVEL_WRONG')
  @ApiOperation({ summary: 'What a place shows of a released run' })
  @ApiOkResponse({ type: BoardAnswer })
  async board(
    @Param() { run, surface }: BoardParams,
    @Query() { metric, place }: BoardQuery,
    @CurrentStaff() staff: Staff,
  ): Promise<BoardAnswer> {
    return shown(await this.boards.board(run, { surface, metric, place }, staff));
  }

  @Get('schemes/:scheme/rectifications')
  @Roles('collector', 'verifier', 'manager', 'auditor')
  @Header('cache-control', 'no-store')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'Whose last inspection found the worst word; the next better one closes it' })
  @ApiOkResponse({ type: RectificationsAnswer })
  async rectifications(@Param('scheme') scheme: string, @CurrentStaff() staff: Staff): Promise<RectificationsAnswer> {
    const open = await this.boards.rectifications(scheme, staff);
    return {
      rectifications: open.map((each) => {
        const { handle: subject, place, rule, label, since } = each;
        return { subject, place, who: printedName(each), rule, label, since };
      }),
    };
  }
}

function shown({ printed: _printed, ...board }: Board): BoardAnswer {
  return board;
}
