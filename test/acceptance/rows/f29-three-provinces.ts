import {
  buy,
  draw,
  freshReference,
  type HeldProof,
  proofOf,
  scan,
  thresholdFor,
  undeclaredProof,
  untilTrusted,
  type VerdictAnswer,
} from '#apps/standalone';
import type { Alliance } from '../alliance.js';
import { allianceRow, NO_PROOF, refusalOf, said, show } from '../alliance-row.js';
import { equal } from '../expectations.js';
import { bandOfAa, ownSchemeOf, UNDECLARED } from './f30-undeclared-members.js';

/** What the partners of the alliance give: to 守信主体, whom no adverse record speaks against (band A), and the spot more to AA. */
const HALF = { partner: 'rugao-spot', site: 'rugao-spot-east', offer: 'rugao-half-a' };
const FREE = { partner: 'rugao-spot', site: 'rugao-spot-east', offer: 'rugao-free-aa' };
const LODGING = { partner: 'jiyuan-hotel', site: 'jiyuan-hotel-desk', offer: 'jiyuan-hotel-20' };

type Offered = typeof HALF;

/** [003] 三省六地文旅信用合作联盟: six issuers, spots free or half, lodging discounted; nobody's bands are guessed. */
export const f29 = allianceRow('F29', async (alliance) => {
  await playGoodStanding(alliance);
  await playOffline(alliance);
  const reasons = new Set<string>();
  for (const member of UNDECLARED) {
    for (const offered of [HALF, FREE, LODGING]) {
      const proof = await undeclaredProof(alliance, { ...member, scheme: ownSchemeOf(member) }, offered.partner);
      equal(`${member.called} at ${offered.offer}`, said(await ask(alliance, offered, proof, 'A')), NO_PROOF);
    }
    reasons.add(await bandOfAa(alliance, member));
  }
  equal('why', [...reasons], ['not_declared']);
  const stranger = await proofOf(alliance, '乳山', { grade: 'AA' }, HALF.partner);
  equal('who is of another agreement', said(await ask(alliance, HALF, stranger, 'A')), NO_PROOF);
  const figure =
    '6 issuers, 2 partners: 荣成 is free, half and 20 % off, offline too; 5 have no bands and open nothing';
  return { figure, negative: [...reasons].join().toUpperCase() };
});

/** Yes or no: the strongest grade shows no more than the weakest that suffices; below it the county attests nothing. */
async function playGoodStanding(alliance: Alliance): Promise<void> {
  const percentOff = (percent: number) => ({ kind: 'percent_off', percent });
  const given = [
    ['A', HALF, 'A', percentOff(50)],
    ['AAA', HALF, 'A', percentOff(50)],
    ['AA', FREE, 'AA', { kind: 'free' }],
    ['A', LODGING, 'A', percentOff(20)],
  ] as const;
  for (const [grade, offered, shown, effect] of given) {
    const proof = await proofOf(alliance, '荣成', { grade }, offered.partner);
    const threshold = await thresholdFor(alliance, proof, offered.offer);
    equal(`what ${grade} shows for ${offered.offer}`, threshold, shown);
    const answer = await ask(alliance, offered, proof, threshold);
    const told = { verdict: answer.verdict, band: answer.grant?.band, effect: answer.effect };
    equal(`${grade} at ${offered.offer}`, told, { verdict: 'granted', band: shown, effect });
  }
  const weak = await proofOf(alliance, '荣成', { grade: 'A' }, FREE.partner);
  equal('A at what AA opens', said(await ask(alliance, FREE, weak, 'A')), NO_PROOF);
  const low = proofOf(alliance, '荣成', { grade: 'B' }, HALF.partner);
  equal('B asking for an attestation', await refusalOf('B', low), 'NOTHING_TO_ISSUE');
}

/** Another county's gate, without federation, counties and all, that was online before; the code is drawn without a network. */
async function playOffline(alliance: Alliance): Promise<void> {
  const proof = await proofOf(alliance, '荣成', { grade: 'AA' }, FREE.partner);
  const { site, offer } = FREE;
  const online = { site, federationUrl: alliance.federation.url };
  await alliance.withSpareGate(online, ({ lane }) => untilTrusted(lane));
  const answer = await alliance.withSpareGate({ site }, async (gate) => {
    const code = await draw(alliance, proof, { audience: site, threshold: 'AA', offer });
    return scan({ ...alliance, site: () => gate }, site, 'lane-1', code);
  });
  const { verdict, effect, grant } = answer;
  const told = { verdict, effect, issuer: grant?.issuer.id };
  equal('offline', told, { verdict: 'granted', effect: { kind: 'free' }, issuer: 'https://rongcheng.example' });
}

/** At a lane; for an order where the offer is counted by orders. */
function ask(alliance: Alliance, offered: Offered, proof: HeldProof, threshold: string): Promise<VerdictAnswer> {
  const { site, offer } = offered;
  if (offered !== LODGING) return show(alliance, { site, offer }, proof, threshold);
  return buy(alliance, site, { offer, orderRef: freshReference('lodging') }, proof, threshold);
}
