import { createHash, createPublicKey, verify } from 'node:crypto';
import {
  acceptBundle,
  BUNDLE_JSON_BOUNDS,
  documentDigest,
  parseBundle,
  type AllianceTrust,
  type NextBundle,
} from '#libs/alliance';
import { parseStrictJson } from '#libs/jose-profile';
import { generatePrivateJwk, nodeCrypto, nodeCryptoPooled, nodeSigner } from '#libs/jose-profile/node';
import { duration, inTurn, median, medianRound } from '../measure.js';
import { nationalWorld } from './national-world.js';

/** A gate takes the next head in a few hundredths of a second: so many per round, of which the median counts. */
const NEXT_HEADS = 9;
/** Of what is signed in an alliance, most is about as long. */
const SIGNED_CHARS = 700;

type Times = Readonly<Record<'floor' | 'load' | 'next', number>>;
let times: Promise<Times> | undefined;

/**
 * The national bundle from its bytes to trust, as time against `JSON.parse` and SHA-256 of the same bytes and as many bare
 * verifications, with keys imported beforehand, as it carries signatures.
 */
export async function bundleLoad(): Promise<number> {
  const { load, floor } = await (times ??= measureBundle());
  return load / floor;
}

/** The next head after one table has changed, as time against loading everything. */
export async function bundleNext(): Promise<number> {
  const { next, load } = await (times ??= measureBundle());
  return next / load;
}

async function measureBundle(): Promise<Times> {
  const { alliance, trust, now } = await nationalWorld();
  const { anchor, bundle } = alliance;
  const bytes = new TextEncoder().encode(JSON.stringify(bundle));
  const signatures = 2 + 2 + 1 + bundle.documents.reduce((sum, document) => sum + document.signatures.length, 0);
  const verifyBare = await bareVerifications();
  const floor = (): void => {
    JSON.parse(new TextDecoder().decode(bytes));
    createHash('sha256').update(bytes).digest();
    for (let count = 0; count < signatures; count += 1) verifyBare();
  };
  const load = async (): Promise<AllianceTrust> => {
    const json = parseStrictJson(bytes, BUNDLE_JSON_BOUNDS);
    const parsed = json.ok ? parseBundle(json.value) : json;
    if (!parsed.ok) throw new Error(parsed.fault);
    return accepted({ bundle: parsed.value });
  };
  const accepted = async (input: {
    readonly bundle: NextBundle;
    readonly held?: AllianceTrust;
  }): Promise<AllianceTrust> => {
    const outcome = await acceptBundle({ anchor, ...input }, nodeCryptoPooled);
    if (!outcome.ok) throw new Error(`bench: ${outcome.fault} at ${outcome.at}`);
    return outcome.value;
  };

  const table = alliance.plan.tables[1_234]!;
  const changed = await alliance.sign('table', { ...table, id: 'next', version: 2, effectiveFrom: '2026-12-01' });
  const published = await alliance.headAt(now + 60, {
    documents: [...bundle.documents, changed],
    round: { round: 2 },
  });
  const digests = [...trust.documents.keys(), await documentDigest(changed, nodeCrypto)];
  /** As a gate puts it together: the digests that it is told, and the one document that it fetched. */
  const next = (): Promise<AllianceTrust> =>
    accepted({ bundle: { ...published, documents: [changed], digests: new Set(digests) }, held: trust });

  return medianRound(async () => {
    const nextTimes: number[] = [];
    while (nextTimes.length < NEXT_HEADS) nextTimes.push(await duration(next));
    return { floor: await duration(floor), load: await duration(load), next: median(nextTimes) };
  });
}

/** Verifies another one of some signatures each time it is called. */
async function bareVerifications(): Promise<() => void> {
  const signed = [];
  for (let index = 0; index < 64; index += 1) {
    const signer = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
    const data = Buffer.from(String(index).padEnd(SIGNED_CHARS, 'x'));
    const key = createPublicKey({ key: { ...signer.publicJwk }, format: 'jwk' });
    signed.push({ data, key, signature: Buffer.from(await nodeCrypto.sign(signer.key, data.toString())) });
  }
  const nextSigned = inTurn(signed);
  return () => {
    const { data, key, signature } = nextSigned();
    if (!verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)) throw new Error('bench: not valid');
  };
}
