import { Controller, Get, Global, Module } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { GatewayError } from './gateway-error.js';
import { HealthRegistry } from './health-registry.js';
import { Problems } from './problems.decorator.js';
import { PublicRoute } from './public-route.js';

class HealthAnswer {
  @ApiProperty({ enum: ['ok'] })
  readonly status = 'ok';
}

@ApiTags('health')
@PublicRoute()
@Controller('health')
class HealthController {
  constructor(private readonly registry: HealthRegistry) {}

  @Get('live')
  @RouteConfig({ rateLimit: false })
  @ApiOperation({ summary: 'The process runs' })
  @ApiOkResponse({ type: HealthAnswer })
  live(): HealthAnswer {
    return new HealthAnswer();
  }

  @Get('ready')
  @RouteConfig({ rateLimit: false })
  @ApiOperation({ summary: 'The service can take requests; fields of the problem name the checks that fail' })
  @ApiOkResponse({ type: HealthAnswer })
  @Problems('NOT_READY')
  async ready(): Promise<HealthAnswer> {
    const failing = await this.registry.failing();
    if (failing.length === 0) return new HealthAnswer();
    throw new GatewayError('NOT_READY', {
      fields: failing.map((name) => ({ path: name, message: 'does not answer' })),
    });
  }
}

/** `/health/live` and `/health/ready`, in every app made by `createService`; modules inject `HealthRegistry`. */
@Global()
@Module({ controllers: [HealthController], providers: [HealthRegistry], exports: [HealthRegistry] })
export class HealthModule {}
