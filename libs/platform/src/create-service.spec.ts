import { Body, Controller, Get, HttpCode, Module, NotFoundException, Param, Post } from '@nestjs/common';
import { type NestFastifyApplication, RouteConfig, RouteSchema } from '@nestjs/platform-fastify';
import { ApiProperty, type OpenAPIObject } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsInt, IsString, Min, ValidateNested } from 'class-validator';
import { QueryFailedError } from 'typeorm';
import { createService, createServiceLog, GatewayError, HealthRegistry, listen, Problems } from './index.js';

class Party {
  @ApiProperty()
  @IsInt()
  @Min(1)
  adults!: number;
}

class Booking {
  @ApiProperty()
  @IsString()
  offer!: string;

  @ApiProperty()
  @ValidateNested()
  @Type(() => Party)
  party!: Party;
}

const PRESENTATION = {
  type: 'object',
  additionalProperties: false,
  required: ['text'],
  properties: { text: { type: 'string' }, way: { enum: ['qr', 'card'] } },
};

@Controller('v1')
class SampleController {
  @Post('bookings')
  book(@Body() booking: Booking): { readonly offer: string } {
    return { offer: booking.offer };
  }

  @Post('verifications')
  @HttpCode(200)
  @RouteSchema({ body: PRESENTATION })
  verify(@Body() body: { readonly text: string }): { readonly length: number } {
    return { length: body.text.length };
  }

  @Get('receipts/:id')
  @Problems('NOT_FOUND')
  receipt(@Param('id') _id: string): never {
    throw new GatewayError('NOT_FOUND', { detail: 'shelf seven' });
  }

  @Get('framework')
  framework(): never {
    throw new NotFoundException('in our own words');
  }

  @Get('broken')
  broken(): never {
    throw new Error('secret 350102199001011234');
  }

  @Get('queries/:state')
  query(@Param('state') code: string): never {
    throw new QueryFailedError('SELECT $1', ['350102199001011234'], Object.assign(new Error('refused'), { code }));
  }

  @Get('scarce')
  @RouteConfig({ rateLimit: { max: 1, timeWindow: 60_000 } })
  scarce(): { readonly ok: true } {
    return { ok: true };
  }
}

@Module({ controllers: [SampleController] })
class SampleModule {}

const lines: string[] = [];
const logger = createServiceLog({
  service: 'sample',
  level: 'info',
  destination: { write: (line) => lines.push(line) },
});
let app: NestFastifyApplication;
let base: string;

beforeAll(async () => {
  app = await createService(SampleModule, { name: 'Sample', description: 'For tests', logger });
  base = await listen(app, '127.0.0.1', 0);
});

afterAll(() => app.close());

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly text: string;
  readonly body: {
    readonly code?: string;
    readonly instance?: string;
    readonly fields?: readonly { readonly path: string; readonly message: string }[];
  };
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${base}${path}`, init);
  const text = await answer.text();
  const { status, headers } = answer;
  return { status, type: headers.get('content-type'), headers, text, body: JSON.parse(text) as Answer['body'] };
}

const post = (path: string, body: unknown, type = 'application/json'): Promise<Answer> =>
  ask(path, {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

interface LogLine {
  readonly event: string;
  readonly route?: string;
  readonly status?: number;
  readonly requestId?: string;
}

const logged = (): readonly LogLine[] => lines.map((line) => JSON.parse(line) as LogLine);

describe('problem+json answers (RFC 9457)', () => {
  it.each<readonly [string, string, string, number, string]>([
    ['/v1/bookings', 'cut JSON', '{"offer":', 400, 'BODY_INVALID'],
    ['/v1/bookings', 'an array', '[]', 400, 'BODY_INVALID'],
    ['/v1/bookings', 'null', 'null', 400, 'BODY_INVALID'],
    ['/v1/bookings', 'a string', '"text"', 400, 'BODY_INVALID'],
    ['/v1/bookings', 'empty', '', 400, 'BODY_INVALID'],
    ['/v1/bookings', 'very deep', `{"offer":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 400, 'BODY_INVALID'],
    ['/v1/bookings', 'prototype poisoning', '{"__proto__":{"offer":"x"}}', 400, 'BODY_INVALID'],
    ['/v1/verifications', 'of a wrong type', '{"text":1}', 400, 'BODY_INVALID'],
    ['/v1/verifications', 'null', 'null', 400, 'BODY_INVALID'],
    ['/v1/verifications', 'over 64 KiB', JSON.stringify({ text: 'x'.repeat(64 * 1024) }), 413, 'BODY_TOO_LARGE'],
    ['/v1/nowhere', 'for no route', '{}', 404, 'ROUTE_UNKNOWN'],
  ])('answers a POST to %s that is %s', async (path, _what, body, status, code) => {
    const answer = await post(path, body);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ type: `urn:xinqiao:error:${code}`, status, title: expect.any(String) });
    expect(answer.body.instance).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])('refuses %s', async (type) => {
    const answer = await post('/v1/bookings', 'offer=x', type);
    expect([answer.status, answer.body.code]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED']);
  });

  it('refuses an address that is not valid percent-encoding, without a route', async () => {
    const answer = await ask('/v1/receipts/%zz');
    expect([answer.status, answer.body.code]).toEqual([400, 'BODY_INVALID']);
    expect(answer.type).toBe('application/problem+json');
  });

  it('names every faulty field of a class-validated body by JSON Pointer, and no value', async () => {
    const answer = await post('/v1/bookings', { offer: 7_654_321, party: { adults: 0 }, price: 1 });
    expect(answer.body.fields?.map(({ path }) => path).toSorted()).toEqual(['/offer', '/party/adults', '/price']);
    expect(JSON.stringify(answer.body)).not.toContain('7654321');
  });

  it('names missing, surplus and disallowed fields of a schema-checked body', async () => {
    const surplus = await post('/v1/verifications', { text: 'x', grade: 'AAA' });
    expect(surplus.body.fields).toEqual([{ path: '/grade', message: 'is not allowed here' }]);
    const missing = await post('/v1/verifications', {});
    expect(missing.body.fields).toEqual([{ path: '/text', message: 'is missing' }]);
    const other = await post('/v1/verifications', { text: 'x', way: 'nfc' });
    expect(other.body.fields).toEqual([{ path: '/way', message: 'must be one of qr, card' }]);
  });

  it('keeps the detail of an error from the client and writes it to the log', async () => {
    const answer = await ask('/v1/receipts/42');
    expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
    expect(answer.text).not.toContain('shelf');
    expect(lines.some((line) => line.includes('shelf seven'))).toBe(true);
  });

  it("replaces a framework exception's own words by the public sentence of its code", async () => {
    const answer = await ask('/v1/framework');
    expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
    expect(answer.text).not.toContain('our own words');
  });

  it('answers the unknown as INTERNAL without message or stack, and logs the stack', async () => {
    const answer = await ask('/v1/broken');
    expect([answer.status, answer.body.code]).toEqual([500, 'INTERNAL']);
    expect(answer.text).not.toMatch(/secret|SampleController|\.ts/);
    const line = lines.find((text) => text.includes('request.failed'));
    expect(line).toContain('SampleController');
    expect(answer.body.instance).toBe(`urn:uuid:${(JSON.parse(line ?? '{}') as LogLine).requestId}`);
  });

  it('answers 429 with Retry-After once the limit of a route is used up', async () => {
    expect((await ask('/v1/scarce')).status).toBe(200);
    const answer = await ask('/v1/scarce');
    expect([answer.status, answer.body.code]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('input that cannot be stored', () => {
  it.each(['a\u0000', '\ud800', 'b\udc00'])('is refused before a handler runs: %j', async (offer) => {
    for (const body of [
      { offer, party: { adults: 1 } },
      { offer: 'x', party: { adults: 1 }, [offer]: 1 },
    ])
      expect((await post('/v1/bookings', body)).body.code).toBe('BODY_INVALID');
    expect((await post('/v1/verifications', { text: offer })).body.code).toBe('BODY_INVALID');
  });

  it('is refused in an address too; what is merely unusual is taken', async () => {
    expect((await ask('/v1/receipts/%00')).body.code).toBe('BODY_INVALID');
    expect((await ask('/v1/receipts/%F0%A0%AE%B7')).body.code).toBe('NOT_FOUND');
    expect((await post('/v1/bookings', { offer: '𠮷\u0001', party: { adults: 1 } })).status).toBe(201);
  });

  it.each(['22021', '22P05', '22P02', '22003'])('is BODY_INVALID when only PostgreSQL finds it (%s)', async (state) => {
    const answer = await ask(`/v1/queries/${state}`);
    expect([answer.status, answer.body.code]).toEqual([400, 'BODY_INVALID']);
    expect(answer.text).not.toContain('350102199001011234');
    expect(lines.findLast((line) => line.includes('request.unstorable'))).toContain(state);
  });

  it('leaves every other failed query INTERNAL', async () => {
    expect((await ask('/v1/queries/23505')).body.code).toBe('INTERNAL');
  });
});

describe('service surroundings', () => {
  it('sends security headers that allow no content', async () => {
    const answer = await ask('/health/live');
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('is live always, and ready while every check passes', async () => {
    expect((await ask('/health/ready')).status).toBe(200);
    app.get(HealthRegistry).add('heads', () => Promise.reject(new Error('stale')));
    expect((await ask('/health/live')).status).toBe(200);
    const answer = await ask('/health/ready');
    expect([answer.status, answer.body.code]).toEqual([503, 'NOT_READY']);
    expect(answer.body.fields).toEqual([{ path: 'heads', message: 'does not answer' }]);
    app.get(HealthRegistry).add('heads', () => Promise.resolve());
    expect((await ask('/health/ready')).status).toBe(200);
  });

  it('describes every route with its problems at /openapi.json', async () => {
    const body = JSON.parse((await ask('/openapi.json')).text) as OpenAPIObject;
    expect(body.openapi).toBe('3.1.0');
    const routes = Object.entries(body.paths).flatMap(([path, item]) => Object.keys(item).map((m) => `${m} ${path}`));
    expect(routes.toSorted()).toEqual([
      'get /health/live',
      'get /health/ready',
      'get /v1/broken',
      'get /v1/framework',
      'get /v1/queries/{state}',
      'get /v1/receipts/{id}',
      'get /v1/scarce',
      'post /v1/bookings',
      'post /v1/verifications',
    ]);
    const verification = body.paths['/v1/verifications']?.post;
    expect(verification?.requestBody).toMatchObject({ content: { 'application/json': { schema: PRESENTATION } } });
    expect(Object.keys(verification?.responses ?? {})).toEqual(
      expect.arrayContaining(['400', '413', '415', '429', '500']),
    );
    const receipt = body.paths['/v1/receipts/{id}']?.get?.responses;
    expect(receipt?.['404']).toMatchObject({ description: expect.stringContaining('NOT_FOUND') });
    expect(receipt?.['404']).toHaveProperty(['content', 'application/problem+json', 'schema', '$ref']);
    expect(receipt?.['413']).toBeUndefined();
    expect(body.components?.schemas).toHaveProperty('Problem');
  });

  it('logs a request by its route pattern, never by the address asked for', async () => {
    lines.length = 0;
    await ask('/v1/receipts/person-77?name=Wang');
    await ask('/v1/unknown-person-88');
    const requests = logged().filter(({ event }) => event === 'request');
    expect(requests.map(({ route, status }) => [route, status])).toEqual([
      ['/v1/receipts/:id', 404],
      ['unknown', 404],
    ]);
    expect(Object.keys(requests[0] ?? {}).toSorted()).toEqual(
      ['level', 'time', 'service', 'requestId', 'method', 'route', 'status', 'ms', 'event'].toSorted(),
    );
    expect(lines.join('')).not.toMatch(/person|Wang/);
  });

  it('refuses a taken port with PORT_IN_USE naming host and port', async () => {
    const other = await createService(SampleModule, { name: 'Other', description: '', logger });
    const port = Number(new URL(base).port);
    await expect(listen(other, '127.0.0.1', port)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      detail: `127.0.0.1:${port}`,
    });
    await other.close();
  });

  it('refuses two handlers for one route at boot, and passes on the error of a module', async () => {
    @Controller('v1')
    class Twin {
      @Get('framework')
      again(): string {
        return '';
      }
    }
    @Module({ controllers: [SampleController, Twin] })
    class Clash {}
    await expect(createService(Clash, { name: 'Clash', description: '', logger })).rejects.toThrow(/framework/);

    @Module({ providers: [{ provide: 'x', useFactory: () => Promise.reject(new GatewayError('CONFIG_INVALID')) }] })
    class Misconfigured {}
    const boot = createService(Misconfigured, { name: 'Misconfigured', description: '', logger });
    await expect(boot).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
