import {
  buy,
  freshReference,
  type HeldProof,
  proofOf,
  thresholdFor,
  undeclaredProof,
  type VerdictAnswer,
} from '#apps/standalone';
import type { Alliance } from '../alliance.js';
import { allianceRow, cutOff, NO_PROOF, refusalOf, said, show } from '../alliance-row.js';
import { equal } from '../expectations.js';
import { bandOfAa, ownSchemeOf, UNDECLARED } from './f30-undeclared-members.js';

/** What a partner of the alliance gives, and to whom. */
interface Offered {
  readonly partner: string;
  readonly site: string;
  readonly offer: string;
}

const HALF = at('rugao-spot', 'rugao-spot-east', 'rugao-half-a');
const FREE = at('rugao-spot', 'rugao-spot-east', 'rugao-free-aa');
const LODGING = at('jiyuan-hotel', 'jiyuan-hotel-desk', 'jiyuan-hotel-20');
const MEALS = at('juxian-meals', 'juxian-meals-gate', 'juxian-meals-10');
const FREE_FOR_ALL = at('daiyue-spot', 'daiyue-spot-gate', 'daiyue-spot-free');
const AT_HOME = at('rongcheng-spot', 'rongcheng-spot-gate', 'rongcheng-spot-half');
const ON_THE_HILL = at('shanting-spot', 'shanting-spot-gate', 'shanting-spot-half');

/** A partner in each of the six. 守信主体 is whom no adverse record speaks against (band A); one spot gives more to AA. */
const PARTNERS = [HALF, FREE, LODGING, MEALS, FREE_FOR_ALL, AT_HOME, ON_THE_HILL];

/** [003] 三省六地文旅信用合作联盟: six issuers, spots free or half, lodging and meals discounted; nobody's bands are guessed. */
export const f29 = allianceRow('F29', 'NOT_DECLARED', async (alliance) => {
  await playGoodStanding(alliance);
  await playOffline(alliance);
  const reasons = new Set<string>();
  for (const member of UNDECLARED) {
    for (const offered of PARTNERS) {
      const proof = await undeclaredProof(alliance, { ...member, scheme: ownSchemeOf(member) }, offered.partner);
      equal(`${member.called} at ${offered.offer}`, said(await ask(alliance, offered, proof, 'AA')), NO_PROOF);
    }
    reasons.add(await bandOfAa(alliance, member));
  }
  equal('why', [...reasons], ['not_declared']);
  const stranger = await proofOf(alliance, '乳山', { grade: 'AA' }, HALF.partner);
  equal('who is of another agreement', said(await ask(alliance, HALF, stranger, 'AA')), NO_PROOF);
  const figure =
    '6 issuers at 6 partners: 荣成 is free, half, 20 and 10 % off, offline too; 5 have no bands and open nothing';
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
    ['A', MEALS, 'A', percentOff(10)],
    ['A', FREE_FOR_ALL, 'A', { kind: 'free' }],
    ['A', AT_HOME, 'A', percentOff(50)],
    ['A', ON_THE_HILL, 'A', percentOff(50)],
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

/** Another county's gate that has no network, and a code that is drawn without one. */
async function playOffline(alliance: Alliance): Promise<void> {
  const proof = await proofOf(alliance, '荣成', { grade: 'AA' }, FREE.partner);
  const { verdict, effect, grant } = await cutOff(alliance, FREE.site, (there) => ask(there, FREE, proof, 'AA'));
  const told = { verdict, effect, issuer: grant?.issuer.id };
  equal('offline', told, { verdict: 'granted', effect: { kind: 'free' }, issuer: 'https://rongcheng.example' });
}

/** At a lane; for an order where the offer is counted by orders. */
function ask(alliance: Alliance, offered: Offered, proof: HeldProof, threshold: string): Promise<VerdictAnswer> {
  const { site, offer } = offered;
  if (offered !== LODGING) return show(alliance, { site, offer }, proof, threshold);
  return buy(alliance, site, { offer, orderRef: freshReference('lodging') }, proof, threshold);
}

function at(partner: string, site: string, offer: string): Offered {
  return { partner, site, offer };
}
