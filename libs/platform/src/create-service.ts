import { randomUUID } from 'node:crypto';
import { type ArgumentMetadata, type DynamicModule, Module, type Type, ValidationPipe } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { fieldsOfValidationErrors } from './field-faults.js';
import { GatewayError } from './gateway-error.js';
import { HealthModule } from './health.module.js';
import { NestLog } from './nest-log.js';
import { describeApi } from './openapi.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';
import { endWithProblem, problemOf, type RawReply } from './problem.js';
import { protect } from './protect.js';
import { logRequests } from './request-log.js';
import { ServiceLog } from './service-log.js';
import { isStorableText } from './storable-text.js';

export interface ServiceOptions {
  /** Title of the API, e.g. `Xinqiao gate`. */
  readonly name: string;
  readonly description: string;
  readonly logger: ServiceLog;
  /** Bytes; 64 KiB by default. */
  readonly bodyLimit?: number;
  /** Per client address over all routes; a route narrows it with `@RouteConfig({ rateLimit: … })`. 6,000 by default. */
  readonly requestsPerMinute?: number;
  /** Address or network of the reverse proxy whose `X-Forwarded-For` is believed; nobody's by default. */
  readonly trustedProxy?: string | string[];
  /** Called before the app initialises: the place to connect a microservice or a fastify plugin. */
  readonly attach?: (app: NestFastifyApplication) => void | Promise<void>;
}

const REQUEST_TIMEOUT_MS = 30_000;

/** The root of every app: the service's own module, its log and its health routes. */
@Module({})
class ServiceShell {
  static around(module: Type<unknown> | DynamicModule, logger: ServiceLog): DynamicModule {
    return {
      module: ServiceShell,
      global: true,
      imports: [DiscoveryModule, HealthModule, module],
      providers: [{ provide: ServiceLog, useValue: logger }],
      exports: [ServiceLog],
    };
  }
}

/** Hands fastify's errors to the filter as they are: Nest would keep the status and drop the code and the faults. */
class PlainErrorsAdapter extends FastifyAdapter {
  override mapException(error: unknown): unknown {
    return error;
  }
}

/**
 * Builds an HTTP service, initialised but not listening (see `listen`): strict input, problem+json errors, security
 * headers, a rate limit, `/health/*` and `/openapi.json`. Shutdown hooks are left to the caller (`runMain`).
 * Nest middleware is not available (it would cost every request); use fastify hooks in `attach`.
 * @throws GatewayError as the modules threw it while booting
 */
export async function createService(
  module: Type<unknown> | DynamicModule,
  options: ServiceOptions,
): Promise<NestFastifyApplication> {
  const { logger } = options;
  const app = await NestFactory.create<NestFastifyApplication>(
    ServiceShell.around(module, logger),
    adapterFor(options),
    {
      logger: new NestLog(logger),
      abortOnError: false,
      bodyParser: false,
      routeConflictPolicy: { duplicate: 'error', shadow: 'error' },
    },
  );
  try {
    app.useGlobalFilters(new ProblemDetailsFilter(logger));
    app.useGlobalPipes(strictValidation());
    await protect(app, options.requestsPerMinute ?? 6_000);
    logRequests(app.getHttpAdapter().getInstance(), logger);
    await options.attach?.(app);
    await app.init();
    await serveDescription(app, options);
    return app;
  } catch (cause) {
    await app.close();
    throw cause;
  }
}

function adapterFor(options: ServiceOptions): FastifyAdapter {
  const adapter = new PlainErrorsAdapter({
    bodyLimit: options.bodyLimit ?? 64 * 1024,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: options.trustedProxy ?? false,
    genReqId: () => randomUUID(),
    skipMiddie: true,
    multipart: false,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: true, allErrors: false } },
    frameworkErrors: (error: unknown, request: { readonly id: string }, reply: RawReply) =>
      endWithProblem(reply, problemOf(error, request.id)),
  });
  // JSON is the only body a service reads; routes that need another type add their own parser.
  adapter.getInstance().removeContentTypeParser('text/plain');
  return adapter;
}

/**
 * Refuses text that cannot be stored, before a handler does anything. Reading a body into its class goes as deep as the body
 * does; one that exhausts the stack is no valid body, and no fault of ours.
 */
class BoundedValidationPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'custom' && !isStorableText(value)) throw new GatewayError('BODY_INVALID');
    try {
      const read: unknown = await super.transform(value, metadata);
      return read;
    } catch (error) {
      throw error instanceof RangeError ? new GatewayError('BODY_INVALID', { cause: error }) : error;
    }
  }
}

function strictValidation(): ValidationPipe {
  return new BoundedValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new GatewayError('BODY_INVALID', { fields: fieldsOfValidationErrors(errors) }),
  });
}

/** The description is made once, when it is first asked for, and served as one string. */
async function serveDescription(app: NestFastifyApplication, { name, description }: ServiceOptions): Promise<void> {
  let text: string | undefined;
  const fastify = app.getHttpAdapter().getInstance();
  fastify.get('/openapi.json', (_request, reply) => {
    text ??= JSON.stringify(describeApi(app, name, description));
    return reply.type('application/json').send(text);
  });
  await fastify.ready();
}
