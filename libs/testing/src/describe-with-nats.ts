import { afterAll, beforeAll, describe } from '@jest/globals';
import { findNatsServer, startNats, type LocalNats } from '#libs/local-services';

export interface NatsForTests {
  /** The same before and after a restart. Only known while tests run. */
  readonly url: string;
  /** An outage: stops the server. */
  stop(): Promise<void>;
  /** The end of the outage: the same address, nothing remembered. */
  start(): Promise<void>;
}

const binary = await findNatsServer(process.env);

/**
 * A `describe` whose tests have a real NATS server of their own. Where no nats-server is found they are skipped with one
 * clear line, except under CI=true, where that is a failure.
 */
export function describeWithNats(name: string, fn: (nats: NatsForTests) => void): void {
  const isSkipped = binary === undefined && process.env['CI'] !== 'true';
  if (isSkipped) process.stderr.write(`Skipped without a nats-server (npm run nats:fetch): ${name}\n`);
  const block = isSkipped ? describe.skip : describe;
  block(name, () => {
    const nats = natsForTests();
    beforeAll(() => nats.start());
    afterAll(() => nats.stop());
    fn(nats);
  });
}

function natsForTests(): NatsForTests {
  let running: LocalNats | undefined;
  let again: { readonly port: number; readonly token: string } | undefined;
  return {
    get url() {
      if (running === undefined) throw new Error('NATS is not running');
      return running.url;
    },
    stop: async () => {
      await running?.stop();
      running = undefined;
    },
    start: async () => {
      if (binary === undefined) throw new Error('no nats-server on this machine: run `npm run nats:fetch`');
      running ??= await startNats({ binary, ...again });
      again = { port: running.port, token: new URL(running.url).username };
    },
  };
}
