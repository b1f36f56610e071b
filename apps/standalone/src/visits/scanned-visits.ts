import { setTimeout as delay } from 'node:timers/promises';
import { issueTierAttestation, tierVct } from '#libs/attestation';
import { weeklyEpoch } from '#libs/calendar';
import type { PublicJwk, Signer } from '#libs/jose-profile';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from '#libs/jose-profile/node';
import { drawCode, holdAttestation } from '#libs/wallet';
import { now, type HeldProof } from './phone.js';
import type { Outcome, Visit } from './visit.js';
import { enrol, outcomeOf, scan, thresholdFor, type SampleWorld, type VerdictAnswer } from './world.js';

const SPOT = 'rugao-spot';
const EAST = 'rugao-spot-east';
const FREE = 'rugao-free-aa';
const HALF = 'rugao-half-a';
const QR_LIFE_SECONDS = 60;
/** A member that has declared no scheme. */
const DAIYUE = { name: '岱岳', id: 'https://daiyue.example', scheme: 'cn-370911-undeclared' };

/** What V01 leaves behind for the visits that come back to it. */
interface FirstVisit {
  readonly proof: HeldProof;
  readonly qr: string;
  readonly answer: VerdictAnswer;
}

/** The visits with a code on a phone's screen, in the order in which they are played. */
export class ScannedVisits {
  private first: FirstVisit | undefined;

  /** A 荣成 AA at the 如皋 spot, and everything that may happen to that one code. */
  readonly atTheSpot: readonly Visit<SampleWorld>[] = [
    visit('V01', '荣成 AA', '荣成', '如皋 spot, east, lane 1', FREE, 'granted', 'free', (world) =>
      this.comeFirst(world),
    ),
    visit('V02', '荣成 A', '荣成', '如皋 spot, east, lane 1', HALF, 'granted', 'half', async (world) => {
      const proof = await proofOf(world, '荣成', { grade: 'A' }, SPOT);
      return scanned(world, proof, { threshold: await thresholdFor(world, proof, HALF), offer: HALF });
    }),
    visit('V03', '荣成 A, threshold A', '荣成', '如皋 spot, east, lane 1', FREE, 'no_proof', '', async (world) =>
      scanned(world, await proofOf(world, '荣成', { grade: 'A' }, SPOT), { threshold: 'A', offer: FREE }),
    ),
    visit('V11', 'V01, forged signature', '荣成', '如皋 spot, east, lane 1', FREE, 'refused', '', async (world) =>
      scanned(world, await forgedProof(this.remembered().proof), { threshold: 'AA', offer: FREE }),
    ),
    visit('V12', "V01's code", '荣成', '如皋 spot, east, lane 2', FREE, 'refused', '', async (world) =>
      outcomeOf(await scan(world, EAST, 'lane-2', this.remembered().qr)),
    ),
    {
      ...visit('V13', "V01's code again", '荣成', '如皋 spot, east, lane 1', FREE, 'granted', 'free', async (world) => {
        const answer = await scan(world, EAST, 'lane-1', this.remembered().qr);
        if (answer.receipt !== this.remembered().answer.receipt) throw new Error('another receipt than the first time');
        return outcomeOf(answer);
      }),
      expectedRepeat: true,
    },
    visit('V14', 'a code 61 s old', '荣成', '如皋 spot, east, lane 1', FREE, 'retry', '', async (world) =>
      scanned(world, await proofOf(world, '荣成', { grade: 'AA' }, SPOT), {
        threshold: 'AA',
        offer: FREE,
        ageSeconds: QR_LIFE_SECONDS + 1,
      }),
    ),
    visit('V15', 'a code for the west gate', '荣成', '如皋 spot, east, lane 1', FREE, 'retry', '', async (world) =>
      scanned(world, await proofOf(world, '荣成', { grade: 'AA' }, SPOT), {
        threshold: 'AA',
        offer: FREE,
        audience: 'rugao-spot-west',
      }),
    ),
    visit('V16', 'V01, fresh code', '荣成', '如皋 spot, east, lane 1', FREE, 'already_used', '', async (world) =>
      scanned(world, this.remembered().proof, { threshold: 'AA', offer: FREE }),
    ),
  ];

  /** Other counties, and what is revoked, replaced, suspended or kept too long. */
  readonly elsewhere: readonly Visit<SampleWorld>[] = [
    visit(
      'V08',
      '文登, 1045 points',
      '文登',
      '薛城 spot',
      'xuecheng-spot-free-aa',
      'granted',
      'free',
      async (world) => {
        const proof = await proofOf(world, '文登', { score: 1045 }, 'xuecheng-spot');
        const threshold = await thresholdFor(world, proof, 'xuecheng-spot-free-aa');
        return scanned(world, proof, { threshold, offer: 'xuecheng-spot-free-aa', audience: 'xuecheng-spot-main' });
      },
    ),
    visit('V10', '岱岳, undeclared scheme', '岱岳', '如皋 spot, east, lane 1', FREE, 'no_proof', '', async (world) =>
      scanned(world, await undeclaredProof(world, DAIYUE, SPOT), { threshold: 'AA', offer: FREE }),
    ),
    visit(
      'V17',
      'revoked one status period ago',
      '荣成',
      '如皋 spot, east, lane 1',
      FREE,
      'no_proof',
      '',
      async (world) => {
        const handle = await world.resident('荣成', { grade: 'AA' });
        const proof = await (await enrol(world, '荣成', handle)).obtain(SPOT);
        await world
          .county('荣成')
          .desk.post(`/v1/admin/residents/${handle}/revocations`, { reason: 'sample visit V17' });
        await delay(world.statusPeriodMs);
        return scanned(world, proof, { threshold: 'AA', offer: FREE });
      },
    ),
    visit('V18', 'the old phone', '荣成', '如皋 spot, east, lane 1', FREE, 'no_proof', '', async (world) => {
      const handle = await world.resident('荣成', { grade: 'AA' });
      const old = await (await enrol(world, '荣成', handle)).obtain(SPOT);
      await enrol(world, '荣成', handle);
      await delay(world.statusPeriodMs);
      return scanned(world, old, { threshold: 'AA', offer: FREE });
    }),
  ];

  private async comeFirst(world: SampleWorld): Promise<Outcome> {
    const proof = await proofOf(world, '荣成', { grade: 'AA' }, SPOT);
    const threshold = await thresholdFor(world, proof, FREE);
    const qr = await draw(world, proof, { threshold, offer: FREE });
    const answer = await scan(world, EAST, 'lane-1', qr);
    this.first = { proof, qr, answer };
    return outcomeOf(answer);
  }

  private remembered(): FirstVisit {
    if (this.first === undefined) throw new Error('V01 was not played');
    return this.first;
  }
}

/** A visit row with no repeat expected. */
export function visit(
  name: string,
  who: string,
  from: string,
  to: string,
  offer: string,
  expected: Visit<SampleWorld>['expected'],
  expectedEffect: string,
  play: Visit<SampleWorld>['play'],
): Visit<SampleWorld> {
  return { visit: name, who, from, to, offer, expected, expectedEffect, expectedRepeat: false, play };
}

/** A resident's proof for a partner, on a fresh phone. */
export async function proofOf(
  world: SampleWorld,
  county: string,
  wanted: Parameters<SampleWorld['resident']>[1],
  partner: string,
): Promise<HeldProof> {
  const phone = await enrol(world, county, await world.resident(county, wanted));
  return phone.obtain(partner);
}

interface Scan {
  readonly threshold: string;
  readonly offer: string;
  /** The site the code is made for, and unless it is the west gate the site where it is scanned. */
  readonly audience?: string;
  readonly ageSeconds?: number;
}

/** Draws a fresh code and shows it on the first lane of the site. */
export async function scanned(world: SampleWorld, proof: HeldProof, wanted: Scan): Promise<Outcome> {
  const site = wanted.audience === undefined || wanted.audience === 'rugao-spot-west' ? EAST : wanted.audience;
  return outcomeOf(await scan(world, site, 'lane-1', await draw(world, proof, wanted)));
}

export async function draw(
  { qrHost }: SampleWorld,
  { held, key }: HeldProof,
  { audience = EAST, threshold, offer, ageSeconds = 0 }: Scan,
): Promise<string> {
  const answer = { threshold, audience, offer, withPerson: false, iat: now() - ageSeconds };
  return drawCode(held, answer, key, qrHost, nodeCrypto);
}

/** The same claims, issued by a forger who names the county's key and signs with another. */
async function forgedProof(proof: HeldProof): Promise<HeldProof> {
  const forger = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  return reissued(proof, { key: forger.key, kid: proof.held.kid ?? '' });
}

/** The same claims, or others of another week, signed by whoever it is: an AA that nobody was graded. */
export async function reissued(
  { held, key }: HeldProof,
  signer: Signer,
  week: { readonly iat: number; readonly exp: number } = held.claims,
): Promise<HeldProof> {
  const { iat, exp } = week;
  const claims = { ...held.claims, iat, exp, ...AA_OF_NOBODY };
  return keep(await issueTierAttestation(claims, signer, nodeCrypto), held.claims.cnf, key);
}

/** A grade that a member really signs, of a scheme it never declared. */
export async function undeclaredProof(
  world: SampleWorld,
  member: { readonly name: string; readonly id: string; readonly scheme: string },
  partner: string,
): Promise<HeldProof> {
  const signer = (await world.keysOf(member.name)).signer('attest');
  const jwk = await generatePrivateJwk('ES256');
  const holder = await nodeSigner('ES256', jwk);
  const issued = await issueTierAttestation(
    {
      iss: member.id,
      ...weeklyEpoch(now()),
      vct: tierVct(world.federationId),
      cnf: holder.publicJwk,
      partner,
      status: { idx: 0, uri: `${member.id}/s/1` },
      scheme: { id: member.scheme, fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' },
      ...AA_OF_NOBODY,
    },
    signer,
    nodeCrypto,
  );
  return keep(issued, holder.publicJwk, holder.key);
}

const AA_OF_NOBODY = {
  positiveGrades: ['AAA', 'AA', 'A'],
  heldGrades: ['AA', 'A'],
  person: { name: '某*', idLast4: '0000' },
};

async function keep(issued: string, cnf: PublicJwk, key: HeldProof['key']): Promise<HeldProof> {
  const held = await holdAttestation(issued, cnf, nodeCrypto);
  if (!held.ok) throw new Error(held.fault);
  return { held: held.value, key };
}
