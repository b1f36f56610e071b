import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_SCHEMA_METADATA } from '@nestjs/platform-fastify/constants.js';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ERRORS, type ErrorCode } from './error-codes.js';
import { problemsOf } from './problems.decorator.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Responses = Operation['responses'];
type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

interface RouteFacts {
  readonly codes: readonly ErrorCode[];
  /** What `@RouteSchema` says: JSON Schemas by part of the exchange. */
  readonly schema: Readonly<Record<string, unknown>>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const ALWAYS: readonly ErrorCode[] = ['TOO_MANY_REQUESTS', 'INTERNAL'];
const WITH_BODY: readonly ErrorCode[] = ['BODY_INVALID', 'BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED'];
const PROBLEM_SCHEMA: Schema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', description: 'urn:xinqiao:error: followed by the code' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(ERRORS) },
    instance: { type: 'string', description: 'urn:uuid: of the request, as in the service log' },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string', description: 'JSON Pointer (RFC 6901)' }, message: { type: 'string' } },
      },
    },
  },
};

/**
 * Describes every route of an app (OpenAPI 3.1): what the swagger decorators say, the bodies of `@RouteSchema`, and
 * for every route the problems it may answer with.
 */
export function describeApi(app: NestFastifyApplication, name: string, description: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(name)
    .setDescription(description)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A staff session token' }, 'staff')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  const routes = factsOfRoutes(app.get(DiscoveryService), app.get(MetadataScanner));
  for (const path of Object.values(document.paths))
    for (const method of METHODS) {
      const operation = path[method];
      if (operation !== undefined) complete(operation, routes.get(operation.operationId ?? ''));
    }
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM_SCHEMA },
  };
  return document;
}

/** What the handlers say about themselves, by the operation id the document generator gives them. */
function factsOfRoutes(discovery: DiscoveryService, scanner: MetadataScanner): ReadonlyMap<string, RouteFacts> {
  const facts = new Map<string, RouteFacts>();
  for (const { metatype } of discovery.getControllers()) {
    if (typeof metatype !== 'function') continue;
    const prototype: unknown = metatype.prototype;
    if (!isHolder(prototype)) continue;
    for (const method of scanner.getAllMethodNames(prototype)) {
      const handler: unknown = prototype[method];
      if (typeof handler !== 'function') continue;
      const schema: unknown = Reflect.getMetadata(FASTIFY_ROUTE_SCHEMA_METADATA, handler);
      const codes = [...problemsOf(metatype), ...problemsOf(handler)];
      facts.set(`${metatype.name}_${method}`, { codes, schema: isHolder(schema) ? schema : {} });
    }
  }
  return facts;
}

function isHolder(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function complete(operation: Operation, facts: RouteFacts | undefined): void {
  const { body, response } = facts?.schema ?? {};
  if (isHolder(body)) operation.requestBody = { required: true, content: { 'application/json': { schema: body } } };
  for (const [status, schema] of Object.entries(isHolder(response) ? response : {}))
    if (isHolder(schema))
      operation.responses[status] = { description: '', content: { 'application/json': { schema } } };
  const own = operation.requestBody === undefined ? [] : WITH_BODY;
  Object.assign(operation.responses, problemResponses(new Set([...ALWAYS, ...own, ...(facts?.codes ?? [])])));
}

function problemResponses(codes: ReadonlySet<ErrorCode>): Responses {
  const schema = { $ref: '#/components/schemas/Problem' };
  const statuses = new Set([...codes].map((code) => ERRORS[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const group = [...codes].filter((code) => ERRORS[code].status === status);
      const description = group.map((code) => `${code}: ${ERRORS[code].title}`).join('\n');
      return [String(status), { description, content: { 'application/problem+json': { schema } } }];
    }),
  );
}
