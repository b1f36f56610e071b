import 'reflect-metadata';
import { Controller, type INestApplication, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterEach, describe, expect, it } from '@jest/globals';
import { describeWithNats, waitFor } from '#libs/testing';
import { attachBus } from './attach-bus.js';
import type { BusOptions } from './bus-options.js';
import { Bus } from './bus.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.map((each) => each.close()));
  open.length = 0;
});

// What the transports log about an outage is expected here.
Logger.overrideLogger(false);

@Controller()
class Echo {
  readonly requests: unknown[] = [];
  readonly hints: unknown[] = [];

  @MessagePattern('test.echo')
  echo(@Payload() data: unknown): unknown {
    this.requests.push(data);
    return { echoed: data };
  }

  @MessagePattern('test.fail')
  fail(): never {
    throw new Error('private detail');
  }

  @MessagePattern('test.never')
  never(): Promise<never> {
    return new Promise(() => undefined);
  }

  @EventPattern('test.hint')
  hint(@Payload() data: unknown): void {
    this.hints.push(data);
  }
}

@Module({ controllers: [Echo] })
class EchoModule {}

async function serve(
  options: BusOptions,
): Promise<{ readonly echo: Echo; readonly address: BusOptions; readonly app: INestApplication }> {
  const app = await NestFactory.create(EchoModule, new FastifyAdapter(), { logger: false });
  open.push(app);
  const address = await attachBus(app, options, 'echo');
  return { echo: app.get(Echo), address, app };
}

function connect(options: BusOptions | undefined): Bus {
  const bus = new Bus(options);
  open.push(bus);
  return bus;
}

describe('without a bus', () => {
  it('requests fail with a code and hints go nowhere', async () => {
    const bus = connect(undefined);
    bus.hint('test.hint', {});
    await expect(bus.request('test.echo', {}, 100)).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  });
});

describe('the bus over TCP', () => {
  const anyPort = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const;

  it('reports its real port and carries requests, not hints', async () => {
    const { address, echo } = await serve(anyPort);
    const bus = connect(address);
    bus.hint('test.hint', { seq: 1 });
    expect(await bus.request('test.echo', { text: '信桥' }, 2_000)).toEqual({ echoed: { text: '信桥' } });
    expect(echo.hints).toEqual([]);
  });

  it('tells silence, failure, a missing handler and a missing server apart', async () => {
    const { address, app } = await serve(anyPort);
    const bus = connect(address);
    await expect(bus.request('test.never', {}, 50)).rejects.toMatchObject({ code: 'BUS_TIMEOUT' });
    await expect(bus.request('test.fail', {}, 2_000)).rejects.toMatchObject({
      code: 'BUS_REQUEST_FAILED',
      message: 'BUS_REQUEST_FAILED',
    });
    await expect(bus.request('test.none', {}, 2_000)).rejects.toMatchObject({ code: 'BUS_NO_RESPONDER' });
    await app.close();
    await waitFor(() =>
      expect(bus.request('test.echo', {}, 500))
        .rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' })
        .then(() => true),
    );
  });

  it('says that its port is taken', async () => {
    const { address } = await serve(anyPort);
    await expect(serve(address)).rejects.toMatchObject({ code: 'BUS_PORT_IN_USE' });
  });
});

describeWithNats('the bus over NATS', (nats) => {
  const address = (): BusOptions => ({ kind: 'nats', url: nats.url });

  it('gives a request to one instance of a service, and a hint to every instance', async () => {
    const services = [await serve(address()), await serve(address())];
    const bus = connect(address());
    for (let n = 0; n < 20; n++) await bus.request('test.echo', { n }, 2_000);
    bus.hint('test.hint', { seq: 1 });
    await waitFor(() => services.every(({ echo }) => echo.hints.length === 1));
    expect(services.reduce((sum, { echo }) => sum + echo.requests.length, 0)).toBe(20);
  });

  it('tells silence, failure and a missing handler apart', async () => {
    await serve(address());
    const bus = connect(address());
    await expect(bus.request('test.never', {}, 50)).rejects.toMatchObject({ code: 'BUS_TIMEOUT' });
    await expect(bus.request('test.fail', {}, 2_000)).rejects.toMatchObject({ code: 'BUS_REQUEST_FAILED' });
    await expect(bus.request('test.none', {}, 2_000)).rejects.toMatchObject({ code: 'BUS_NO_RESPONDER' });
  });

  it('fails with a code and without haste in an outage, and works again after it', async () => {
    const { echo } = await serve(address());
    const bus = connect(address());
    await bus.request('test.echo', {}, 2_000);
    await nats.stop();
    await waitFor(() =>
      expect(bus.request('test.echo', {}, 300))
        .rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' })
        .then(() => true),
    );
    const began = performance.now();
    for (let n = 0; n < 3; n++) await bus.request('test.echo', {}, 1_000).catch(() => undefined);
    expect(performance.now() - began).toBeGreaterThan(250);
    bus.hint('test.hint', { lost: true });

    await nats.start();
    await waitFor(() => bus.request('test.echo', { back: true }, 500));
    expect(echo.requests.at(-1)).toEqual({ back: true });
  });

  it('does not keep a service from starting while it is down', async () => {
    const bus = address();
    await nats.stop();
    const { echo } = await serve(bus);
    await nats.start();
    const client = connect(bus);
    await waitFor(() => client.request('test.echo', {}, 500));
    expect(echo.requests.length).toBeGreaterThan(0);
  });
});
