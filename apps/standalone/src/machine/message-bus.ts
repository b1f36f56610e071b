import { findNatsServer, startNats } from '#libs/local-services';
import type { BusOptions } from '#libs/messaging';
import type { StandaloneConfig } from '../standalone.config.js';

/** Well above the ports of the services. */
const TCP_OFFSET = 90;

/** How the services of this process reach one another: NATS where there is one, else Nest's TCP transport. */
export interface MessageBus {
  readonly description: string;
  readonly options: BusOptions;
  stop(): Promise<void>;
}

export async function openMessageBus(config: StandaloneConfig): Promise<MessageBus> {
  if (config.natsUrl !== undefined)
    return {
      description: 'NATS of NATS_URL',
      options: { kind: 'nats', url: config.natsUrl },
      stop: () => Promise.resolve(),
    };
  const binary = await findNatsServer(config.environment);
  if (binary === undefined) {
    const port = config.firstPort === 0 ? 0 : config.firstPort + TCP_OFFSET;
    return {
      description: 'TCP to the federation (no nats-server found: polling instead of hints)',
      options: { kind: 'tcp', host: '127.0.0.1', port },
      stop: () => Promise.resolve(),
    };
  }
  const nats = await startNats({ binary });
  return {
    description: `NATS on 127.0.0.1:${nats.port}`,
    options: { kind: 'nats', url: nats.url },
    stop: () => nats.stop(),
  };
}
