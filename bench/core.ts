import { createPublicKey, verify } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { issueTierAttestation, tierVct } from '#libs/attestation';
import { shanghaiDay, weeklyEpoch } from '#libs/calendar';
import { acceptBundle } from '#libs/alliance';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from '#libs/jose-profile/node';
import { decodeStatusList } from '#libs/status-list';
import { buildAlliance, issueProof, SMALL_ALLIANCE, statusListOf } from '#libs/testing/alliance';
import { decide, ENGINE, readEvidence, rulesFor, type DecisionFacts } from '#libs/verifier';
import { holdAttestation, presentAttestation } from '#libs/wallet';
import { rateRatio, type Measure } from './measure.js';

const FEDERATION = 'https://alliance.example';
const SITE = 'rugao-spot-east';

/** Ratios of the cryptographic core against the raw work that it cannot avoid. */
export async function coreBench(): Promise<readonly Measure[]> {
  return [await verifyFloor(), await issueFloor(), await statusDecode()];
}

/** One presentation, in process, against one warm verification + importing the holder's key + one verification with it. */
async function verifyFloor(): Promise<Measure> {
  const now = Math.floor(Date.now() / 1000);
  const alliance = await buildAlliance(SMALL_ALLIANCE, now);
  const accepted = await acceptBundle({ anchor: alliance.anchor, bundle: alliance.bundle }, nodeCrypto);
  if (!accepted.ok) throw new Error('the bench alliance does not verify');
  const trust = accepted.value;
  const county = 'https://rongcheng.example';
  const uri = `${county}/s/1`;
  const statusKey = await nodeCrypto.importPublicKey('ES256', alliance.keys.member(county).status.publicJwk);
  const token = await statusListOf(alliance, county, { iat: now });
  const list = await decodeStatusList(token, { uri, issuer: county, key: statusKey }, nodeCrypto);
  if (!list.ok) throw new Error(list.fault);

  const plan = { partner: 'rugao-spot', scheme: 'rongcheng', grade: 'AA', idx: 7, now, federation: FEDERATION };
  const presentations: string[] = [];
  for (let index = 0; index < 64; index += 1) {
    const proof = await issueProof(alliance, plan);
    const held = await holdAttestation(proof.issued, proof.holderJwk, nodeCrypto);
    if (!held.ok) throw new Error(held.fault);
    const answer = { threshold: 'AA', withPerson: false, audience: SITE, iat: now, offer: 'rugao-free-aa' };
    presentations.push(await presentAttestation(held.value, answer, proof.holderKey, nodeCrypto));
  }
  let next = 0;
  const lists = { get: (asked: string) => (asked === uri ? list.value : undefined) };
  const verifyOne = async (): Promise<void> => {
    const text = presentations[(next += 1) % presentations.length]!;
    const evidence = await readEvidence(
      text,
      { audience: SITE, nonce: undefined, offer: undefined },
      trust,
      lists,
      nodeCrypto,
    );
    const facts: DecisionFacts = {
      engine: ENGINE,
      way: 'rotating_qr',
      now,
      timeFloor: now,
      place: { partner: 'rugao-spot', site: SITE, lane: 'lane-1' },
      federation: FEDERATION,
      head: { digest: trust.headDigest, iat: trust.headIat, expiresAt: trust.expiresAt },
      offer: evidence.offer,
      day: shanghaiDay(now),
      party: { adults: 1, children: 0, seniors: 0 },
      orderRef: undefined,
      attestation: evidence.attestation,
      memory: { isReplayed: false, used: 0, lastUsedAt: undefined, takenToday: 0 },
    };
    const decision = decide(facts, rulesFor(trust, evidence.offer, 'rugao-spot', evidence.attestation));
    if (decision.code !== 'granted') throw new Error(`bench: ${decision.code} ${decision.failed.join()}`);
  };

  const raw = await rawPairs(16);
  let pair = 0;
  const floor = (): void => {
    const { data, issuerKey, issuerSignature, holderJwk, holderSignature } = raw[(pair += 1) % raw.length]!;
    verify('sha256', data, { key: issuerKey, dsaEncoding: 'ieee-p1363' }, issuerSignature);
    const holderKey = createPublicKey({ key: holderJwk, format: 'jwk' });
    verify('sha256', data, { key: holderKey, dsaEncoding: 'ieee-p1363' }, holderSignature);
  };
  return { name: 'verify/floor', ratio: await rateRatio(verifyOne, floor), target: 0.85, better: 'higher' };
}

/** One attestation against one bare ES256 signature. */
async function issueFloor(): Promise<Measure> {
  const county = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  const holder = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  const claims = {
    iss: 'https://rongcheng.example',
    ...weeklyEpoch(1_795_400_000),
    vct: tierVct(FEDERATION),
    cnf: holder.publicJwk,
    partner: 'rugao-spot',
    scheme: { id: 'cn-371082-haibei', fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' },
    positiveGrades: ['AAA', 'AA', 'A'],
    heldGrades: ['AA', 'A'],
    person: { name: '王*', idLast4: '001X' },
  };
  let idx = 0;
  const issueOne = (): Promise<string> => {
    const status = { idx: (idx += 1) % 131_072, uri: 'https://rongcheng.example/s/1' };
    return issueTierAttestation({ ...claims, status }, county, nodeCrypto);
  };
  const input = 'x'.repeat(900);
  const bare = (): Promise<Uint8Array> => nodeCrypto.sign(county.key, input);
  return { name: 'issue/floor', ratio: await rateRatio(issueOne, bare), target: 0.45, better: 'higher' };
}

/** A status list of 2^17 entries, decoded, against bare inflation of the same bytes (both with the signature check). */
async function statusDecode(): Promise<Measure> {
  const now = Math.floor(Date.now() / 1000);
  const alliance = await buildAlliance(SMALL_ALLIANCE, now);
  const county = 'https://rongcheng.example';
  const uri = `${county}/s/1`;
  const { publicJwk } = alliance.keys.member(county).status;
  const key = await nodeCrypto.importPublicKey('ES256', publicJwk);
  const revoked = Array.from({ length: 1_300 }, (_, index) => (index * 7_919) % 131_072);
  const token = await statusListOf(alliance, county, { iat: now }, revoked);
  const [protectedPart, payloadPart, signaturePart] = token.split('.');
  const { status_list: claim } = JSON.parse(Buffer.from(payloadPart!, 'base64url').toString()) as {
    status_list: { lst: string };
  };
  const packed = Buffer.from(claim.lst, 'base64url');
  const data = Buffer.from(`${protectedPart}.${payloadPart}`);
  const signature = Buffer.from(signaturePart!, 'base64url');
  const keyObject = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
  const bare = (): void => {
    inflateSync(packed);
    verify('sha256', data, { key: keyObject, dsaEncoding: 'ieee-p1363' }, signature);
  };
  const decode = async (): Promise<void> => {
    const decoded = await decodeStatusList(token, { uri, issuer: county, key }, nodeCrypto);
    if (!decoded.ok) throw new Error(decoded.fault);
  };
  return { name: 'status/decode', ratio: 1 / (await rateRatio(decode, bare)), target: 2, better: 'lower' };
}

async function rawPairs(count: number): Promise<
  readonly {
    data: Buffer;
    issuerKey: ReturnType<typeof createPublicKey>;
    issuerSignature: Buffer;
    holderJwk: Record<string, string>;
    holderSignature: Buffer;
  }[]
> {
  const issuer = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  const pairs = [];
  for (let index = 0; index < count; index += 1) {
    const holder = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
    const data = Buffer.from('x'.repeat(900) + index);
    pairs.push({
      data,
      issuerKey: createPublicKey({ key: { ...issuer.publicJwk }, format: 'jwk' }),
      issuerSignature: Buffer.from(await nodeCrypto.sign(issuer.key, data.toString())),
      holderJwk: { ...holder.publicJwk },
      holderSignature: Buffer.from(await nodeCrypto.sign(holder.key, data.toString())),
    });
  }
  return pairs;
}
