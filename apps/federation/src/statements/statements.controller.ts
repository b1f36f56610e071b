import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { STATEMENT_SUBMIT, type StatementSubmitReply } from '#libs/messaging';
import { GatewayError, Problems, PublicRoute } from '#libs/platform';
import { StatementAnswer, StatementRequest } from './statements.dto.js';
import { Statements } from './statements.js';

/** The two ways of one outbox: HTTPS and the bus. No staff token: a statement carries its member's signature. */
@ApiTags('statements')
@Controller('v1/statements')
export class StatementsController {
  constructor(private readonly statements: Statements) {}

  @Post()
  @HttpCode(200)
  @PublicRoute()
  @Problems('STATEMENT_NOT_YET')
  @ApiOperation({ summary: 'Hand in a statement that a member has signed; repeats get the same answer' })
  @ApiOkResponse({ type: StatementAnswer })
  submit(@Body() { jws }: StatementRequest): Promise<StatementAnswer> {
    return this.statements.submit(jws);
  }

  /** Pipes and filters of the HTTP side do not apply here: whatever is no statement is refused as one. */
  @MessagePattern(STATEMENT_SUBMIT)
  async submitOverBus(@Payload() request: unknown): Promise<StatementSubmitReply> {
    const jws = typeof request === 'object' && request !== null && 'jws' in request ? request.jws : undefined;
    try {
      return await this.statements.submit(typeof jws === 'string' ? jws : '');
    } catch (error) {
      throw new RpcException(error instanceof GatewayError ? error.code : 'INTERNAL');
    }
  }
}
