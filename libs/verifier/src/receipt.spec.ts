import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shanghaiDay } from '#libs/calendar';
import type { Signer, VerificationKey } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildVisitWorld, generateTestKey, type Visit, type VisitWorld } from '#libs/testing';
import { decide, ENGINE } from './decide.js';
import type { DecisionFacts, Rules } from './facts.js';
import {
  readReceipt,
  recordDocuments,
  replayReceipt,
  signReceipt,
  type ReceiptPayload,
  type ReceiptRecord,
} from './receipt.js';

const NOW = 1_795_000_000;
const DAY_SECONDS = 86_400;

let world: VisitWorld;
let granted: Visit;
let signer: Signer;
let key: VerificationKey;
beforeAll(async () => {
  world = await buildVisitWorld(NOW);
  granted = await world.visit(await world.present());
  const { receipt } = world.alliance.keys.partner('rugao-spot');
  signer = receipt;
  key = await nodeCrypto.importPublicKey('ES256', receipt.publicJwk);
});

function receiptOf(facts: DecisionFacts, rules: Rules): ReceiptPayload {
  const { code: verdict } = decide(facts, rules);
  return { kind: 'decision', jti: 'r-1', iat: facts.now, verdict, facts, documents: recordDocuments(facts, rules) };
}

const sign = (record: ReceiptRecord): Promise<string> => signReceipt(record, signer, nodeCrypto);
const load = (digest: string): Promise<unknown> => Promise.resolve(world.trust.documents.get(digest)?.payload);

/** What was signed, read back as the decision it must be. */
async function readBack(token: string): Promise<ReceiptPayload> {
  const read = await readReceipt(token, (kid) => (kid === signer.kid ? key : undefined), nodeCrypto);
  if (!read.ok || read.value.kind !== 'decision') throw new Error(read.ok ? read.value.kind : read.fault);
  return read.value;
}

describe('receipts (design §4.6)', () => {
  it('are signed, read back and replayed to the same verdict', async () => {
    const receipt = await readBack(await sign(receiptOf(granted.facts, granted.rules)));
    expect(receipt.verdict).toBe('granted');
    expect(await replayReceipt(receipt, load)).toEqual({
      kind: 'replayed',
      engine: ENGINE,
      verdict: 'granted',
      agrees: true,
    });
  });

  it('of what could not be read, which rests on no document of an issuer, replay too', async () => {
    const { facts, rules } = await world.visit('no presentation', { facts: { offer: 'rugao-free-aa' } });
    const receipt = await readBack(await sign(receiptOf(facts, rules)));
    expect(receipt.documents).not.toHaveProperty('member');
    expect(await replayReceipt(receipt, load)).toMatchObject({ kind: 'replayed', verdict: 'no_proof', agrees: true });
  });

  it('are not read from a text that is none', async () => {
    expect(await readReceipt('no receipt', () => key, nodeCrypto)).toEqual({ ok: false, fault: 'JWS_MALFORMED' });
  });

  it('are read under the key that they name, and under no other', async () => {
    const token = await sign(receiptOf(granted.facts, granted.rules));
    const { publicJwk } = await generateTestKey();
    const stranger = await nodeCrypto.importPublicKey('ES256', publicJwk);
    const refused = { ok: false, fault: 'RECEIPT_SIGNATURE' };
    expect(await readReceipt(token, () => stranger, nodeCrypto)).toEqual(refused);
    expect(await readReceipt(token, () => undefined, nodeCrypto)).toEqual(refused);
  });

  it('hold no name, key, nonce, status index or presentation', async () => {
    const proof = await world.issue();
    const { evidence, facts, rules } = await world.visit(await world.present({ proof, withPerson: true }));
    expect(evidence.person).toEqual({ name: '王*', idLast4: '001X' });
    const text = JSON.stringify(receiptOf(facts, rules));
    for (const secret of ['王', '001X', evidence.memory?.nonce, evidence.memory?.holder, proof.holderJwk.x, '/s/1'])
      expect(text).not.toContain(secret);
  });

  it('say so when a document is not kept any more, and when today’s engine answers otherwise', async () => {
    const receipt = receiptOf(granted.facts, granted.rules);
    const offer = await world.alliance.digestOf('offer', 'rugao-free-aa');
    const poorer = (digest: string) => (digest === offer ? Promise.resolve(undefined) : load(digest));
    expect(await replayReceipt(receipt, poorer)).toEqual({ kind: 'documents_missing', digests: [offer] });
    const weaker = await world.visit(await world.present({ threshold: 'A' }));
    const claimed = { ...receiptOf(weaker.facts, weaker.rules), verdict: 'granted' as const };
    expect(await replayReceipt(claimed, load)).toMatchObject({ verdict: 'no_proof', agrees: false });
  });
});

describe('receipts of schemes whose table has had many versions', () => {
  const VERSIONS = 5_000;

  /** A version a day, half of them to come, which maps AA high enough or not; some are suspended. */
  function tables(
    isHigh: (version: number) => boolean,
    isSuspended: (version: number) => boolean,
    first: number,
  ): Rules['tables'] {
    const [table] = granted.rules.tables;
    if (table === undefined) throw new Error('planned');
    return Array.from({ length: VERSIONS }, (_, index) => ({
      digest: `digest-${index}`.padEnd(43, '0'),
      isSuspended: isSuspended(index),
      payload: {
        ...table.payload,
        version: index + 1,
        map: { AA: isHigh(index) ? 'AA' : 'A' },
        effectiveFrom: shanghaiDay(first + index * DAY_SECONDS),
      },
    }));
  }

  it('hold the one version that could speak, and replay as they were decided', async () => {
    const verdicts = new Set<string>();
    const patterns = fc.record({ high: fc.nat({ max: 7 }), suspended: fc.nat({ max: 7 }), days: fc.nat({ max: 7 }) });
    await fc.assert(
      fc.asyncProperty(patterns, async ({ high, suspended, days }) => {
        const versions = tables(
          (index) => (index & high) === high,
          (index) => index % 8 === suspended,
          NOW - (VERSIONS / 2 + days) * DAY_SECONDS,
        );
        const rules = { ...granted.rules, tables: versions };
        const { facts } = granted;
        const token = await sign(receiptOf(facts, rules));
        expect(token.length).toBeLessThan(4_096);
        const kept = new Map(versions.map(({ digest, payload }) => [digest, payload]));
        const replay = await replayReceipt(await readBack(token), async (digest) => kept.get(digest) ?? load(digest));
        expect(replay).toMatchObject({ verdict: decide(facts, rules).code, agrees: true });
        if (replay.kind === 'replayed') verdicts.add(replay.verdict);
      }),
      { numRuns: 25, examples: [[{ high: 0, suspended: 0, days: 0 }]] },
    );
    expect([...verdicts].toSorted()).toEqual(['granted', 'no_proof']);
  });

  it('are read with 5,000 documents too, and not signed beyond what is read', async () => {
    const documents = (count: number) => ({
      tables: Array.from({ length: count }, (_, index) => ({ digest: `${index}`.padEnd(43, '0'), suspended: false })),
    });
    const receipt = receiptOf(granted.facts, granted.rules);
    const earlier = await readBack(await sign({ ...receipt, documents: documents(VERSIONS) }));
    expect(earlier.documents.tables).toHaveLength(VERSIONS);
    await expect(sign({ ...receipt, documents: documents(4 * VERSIONS) })).rejects.toThrow(RangeError);
  });
});
