import { createPublicKey, verify } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from '#libs/jose-profile/node';
import { buildVisitWorld } from '#libs/testing/alliance';
import { inTurn, rate } from '../measure.js';

/** What a worker of the bench is asked: operations per second of one of two works. */
export interface WorkerTask {
  readonly task: 'verdict' | 'bare';
  readonly durationMs: number;
}

const world = await buildVisitWorld(Math.floor(Date.now() / 1000));
const texts: string[] = [];
for (let idx = 0; idx < 32; idx += 1) texts.push(await world.present({ idx }));
const next = inTurn(texts);

const signer = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
const data = Buffer.from('x'.repeat(900));
const signature = await nodeCrypto.sign(signer.key, data.toString());
const key = createPublicKey({ key: { ...signer.publicJwk }, format: 'jwk' });

const WORKS: { readonly [Task in WorkerTask['task']]: () => unknown } = {
  verdict: () => world.verdictOf(next()),
  bare: () => verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature),
};

parentPort?.on('message', ({ task, durationMs }: WorkerTask) => {
  void rate(WORKS[task], durationMs).then((operations) => parentPort?.postMessage(operations));
});
