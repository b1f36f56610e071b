import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { describeWithNats, testDatabase, type TestDatabase, waitFor } from '#libs/testing';
import { attachBus, Bus, BusDeliverer, type Deliverer, type DeliveryOutcome, type OutboxMessage } from './index.js';
import {
  MessagingError,
  Outbox,
  outboxEntities,
  outboxMigrations,
  OutboxRelay,
  type RelayOptions,
  STATEMENT_SUBMIT,
} from './index.js';

Logger.overrideLogger(false);

const outbox = new Outbox();
let database: TestDatabase;
let dataSource: DataSource;
let relays: OutboxRelay[] = [];

beforeAll(async () => {
  database = await testDatabase();
  dataSource = await new DataSource({
    type: 'postgres',
    url: database.url,
    entities: [...outboxEntities],
    migrations: [...outboxMigrations],
    migrationsRun: true,
  }).initialize();
});
afterEach(async () => {
  await Promise.all(relays.map((each) => each.stop()));
  relays = [];
  await dataSource.query('TRUNCATE outbox_message');
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const enqueue = (id: string, kind = 'statement'): Promise<boolean> =>
  dataSource.transaction((manager) => outbox.enqueue(manager, { id, kind, payload: { jws: `jws of ${id}` } }));
const backlog = (): ReturnType<Outbox['backlog']> => outbox.backlog(dataSource.manager);
const isEmpty = async (): Promise<boolean> => (await backlog()).pending === 0;

/** A receiver that keeps what it got; `judge` decides, or throws. */
function receiver(judge: (message: OutboxMessage) => DeliveryOutcome | Promise<DeliveryOutcome> = () => 'delivered'): {
  readonly got: string[];
  readonly deliverer: Deliverer;
} {
  const got: string[] = [];
  const deliver = async (message: OutboxMessage): Promise<DeliveryOutcome> => {
    got.push(message.id);
    return judge(message);
  };
  return { got, deliverer: { name: 'test', deliver } };
}

function relay(deliverers: readonly Deliverer[], options: RelayOptions = {}): OutboxRelay {
  const started = new OutboxRelay(dataSource, deliverers, {
    pollMs: 20,
    firstDelayMs: 10,
    longestDelayMs: 40,
    ...options,
  });
  relays.push(started);
  started.start();
  return started;
}

const fail = (): never => {
  throw new MessagingError('HTTP_UNREACHABLE');
};

describe('the outbox', () => {
  it('keeps a message exactly when its transaction commits, once per id', async () => {
    await expect(
      dataSource.transaction(async (manager) => {
        await outbox.enqueue(manager, { id: 'rolled-back', kind: 'statement', payload: {} });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect([await enqueue('one'), await enqueue('one')]).toEqual([true, false]);
    expect(await backlog()).toEqual({ pending: 1, rejected: 0, oldestPendingAt: expect.any(Date) });
  });

  it('refuses to work outside a transaction', async () => {
    const message = { id: 'loose', kind: 'statement', payload: {} };
    await expect(outbox.enqueue(dataSource.manager, message)).rejects.toMatchObject({
      code: 'OUTBOX_NEEDS_TRANSACTION',
    });
  });

  it('can be taken out of the schema again', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await new outboxMigrations[0]().down(runner);
    expect(await runner.hasTable('outbox_message')).toBe(false);
    await runner.rollbackTransaction();
    await runner.release();
  });
});

describe('the relay', () => {
  it('delivers per kind in order, woken by the commit', async () => {
    const { got, deliverer } = receiver();
    relay([deliverer], { pollMs: 60_000 });
    await waitFor(isEmpty);
    for (const id of ['a', 'b', 'c']) await enqueue(id);
    await waitFor(isEmpty);
    expect(got).toEqual(['a', 'b', 'c']);
  });

  it('tries the next way, and all of them again later, under the same id', async () => {
    let isDown = true;
    const bus = receiver(fail);
    const https = receiver(() => (isDown ? fail() : 'delivered'));
    await enqueue('a');
    relay([bus.deliverer, https.deliverer]);
    await waitFor(() => https.got.length >= 3);
    isDown = false;
    await waitFor(isEmpty);
    expect(new Set(https.got)).toEqual(new Set(['a']));
    expect(bus.got).toEqual(https.got);
  });

  it('lets later messages of the kind pass one that waits, and keeps the code of the answer to it', async () => {
    const { got, deliverer } = receiver(({ id }) => {
      if (id === 'early') throw new MessagingError('HTTP_STATUS', { answer: 'STATEMENT_NOT_YET' });
      return 'delivered';
    });
    for (const id of ['early', 'b', 'c']) await enqueue(id);
    relay([deliverer], { firstDelayMs: 60_000, longestDelayMs: 60_000 });
    await waitFor(async () => (await backlog()).pending === 1);
    expect(got).toEqual(['early', 'b', 'c']);
    expect((await outbox.latest(dataSource.manager)).at(-1)).toMatchObject({ id: 'early', code: 'STATEMENT_NOT_YET' });
  });

  it('does not let one kind hold up another', async () => {
    const { got, deliverer } = receiver(({ kind }) => (kind === 'stuck' ? fail() : 'delivered'));
    await enqueue('first', 'stuck');
    await enqueue('second', 'free');
    relay([deliverer]);
    await waitFor(() => got.includes('second'));
    await waitFor(async () => (await backlog()).pending === 1);
    expect(got[0]).toBe('first');
  });

  it('waits longer after each failure, up to a limit', async () => {
    const at: number[] = [];
    const { deliverer } = receiver(() => {
      at.push(performance.now());
      return fail();
    });
    await enqueue('a');
    relay([deliverer], { pollMs: 5, firstDelayMs: 40, longestDelayMs: 160, random: () => 0 });
    await waitFor(() => at.length === 5);
    const waits = at.slice(1).map((time, n) => time - (at[n] ?? 0));
    for (const [n, least] of [40, 80, 160, 160].entries()) expect(waits[n]).toBeGreaterThanOrEqual(least - 2);
  });

  it('records a refusal, shows it, and goes on', async () => {
    const events: unknown[] = [];
    const { got, deliverer } = receiver(({ id }) => (id === 'bad' ? { rejected: 'KEY_UNKNOWN' } : 'delivered'));
    for (const id of ['bad', 'good']) await enqueue(id);
    relay([deliverer], { report: (event) => events.push(event) });
    await waitFor(isEmpty);
    expect(got).toEqual(['bad', 'good']);
    expect(await outbox.rejected(dataSource.manager)).toEqual([
      { id: 'bad', kind: 'statement', code: 'KEY_UNKNOWN', rejectedAt: expect.any(Date) },
    ]);
    expect(events).toEqual([{ event: 'rejected', id: 'bad', kind: 'statement', code: 'KEY_UNKNOWN' }]);
  });

  it('offers a refused message once more when it is opened again, and no other', async () => {
    let lacksKey = true;
    const { got, deliverer } = receiver(() => (lacksKey ? { rejected: 'KEY_UNKNOWN' } : 'delivered'));
    const reopen = (): Promise<boolean> => dataSource.transaction((manager) => outbox.reopen(manager, 'early'));
    await enqueue('early');
    expect(await reopen()).toBe(false);
    relay([deliverer]);
    await waitFor(async () => (await backlog()).rejected === 1);
    lacksKey = false;
    expect(await reopen()).toBe(true);
    await waitFor(() => got.length === 2);
    await waitFor(isEmpty);
    expect(await outbox.latest(dataSource.manager)).toMatchObject([
      { id: 'early', attempts: 2, deliveredAt: expect.any(Date), rejectedAt: null, code: null },
    ]);
    expect(await reopen()).toBe(false);
  });

  it('shares the work with another relay without a double or a jump', async () => {
    const { got, deliverer } = receiver();
    const ids = Array.from({ length: 30 }, (_, n) => `message-${n}`);
    for (const id of ids) await enqueue(id);
    relay([deliverer]);
    relay([deliverer]);
    await waitFor(isEmpty);
    expect(got).toEqual(ids);
  });

  it('sends again, under the same id, what a process sent before it died without recording it', async () => {
    let isFirst = true;
    const events: unknown[] = [];
    const { got, deliverer } = receiver(async (): Promise<DeliveryOutcome> => {
      if (isFirst) {
        isFirst = false;
        // What the death of the process looks like from PostgreSQL: the session that holds the row ends.
        await dataSource.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND state = 'idle in transaction'`,
        );
      }
      return 'delivered';
    });
    await enqueue('a');
    relay([deliverer], { report: (event) => events.push(event) });
    await waitFor(isEmpty);
    expect(got).toEqual(['a', 'a']);
    expect(events).toEqual([{ event: 'round-failed' }]);
  });

  it('finishes and records the delivery under way before it stops', async () => {
    let letGo = (): void => undefined;
    const { got, deliverer } = receiver(
      () =>
        new Promise((resolve) => {
          letGo = () => resolve('delivered');
        }),
    );
    for (const id of ['a', 'b']) await enqueue(id);
    const working = relay([deliverer]);
    await waitFor(() => got.length === 1);
    const stopped = working.stop();
    letGo();
    await stopped;
    expect(got).toEqual(['a']);
    expect((await backlog()).pending).toBe(1);
  });
});

@Controller()
class Registry {
  readonly accepted: string[] = [];

  @MessagePattern(STATEMENT_SUBMIT)
  submit(@Payload() { id }: { readonly id: string }): object {
    this.accepted.push(id);
    return { accepted: true };
  }
}

@Module({ controllers: [Registry] })
class RegistryModule {}

describeWithNats('statements over NATS', (nats) => {
  it('lose nothing when NATS restarts in between', async () => {
    const address = { kind: 'nats', url: nats.url } as const;
    const app = await NestFactory.create(RegistryModule, new FastifyAdapter(), { logger: false });
    await attachBus(app, address, 'registry');
    const bus = new Bus(address);
    try {
      relay([new BusDeliverer(bus, { pattern: STATEMENT_SUBMIT, timeoutMs: 500 })]);
      await enqueue('before');
      await waitFor(isEmpty);
      await nats.stop();
      for (const id of ['during-1', 'during-2']) await enqueue(id);
      await waitFor(
        async () =>
          (await dataSource.query<readonly { n: number }[]>('SELECT max(attempts) AS n FROM outbox_message'))[0]?.n,
      );
      await nats.start();
      await waitFor(isEmpty, { deadlineMs: 10_000 });
      const { accepted } = app.get(Registry);
      expect(new Set(accepted)).toEqual(new Set(['before', 'during-1', 'during-2']));
    } finally {
      await bus.close();
      await app.close();
    }
  });
});
