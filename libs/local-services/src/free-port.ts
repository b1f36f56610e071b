import { createServer } from 'node:net';
import { once } from 'node:events';

/** A TCP port of 127.0.0.1 that was free a moment ago. Whoever binds it next must be ready to find it taken. */
export async function findFreePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
