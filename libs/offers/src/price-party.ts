import type { Effect, Offer, Party, Prices } from './offer.js';

export type PartyKind = keyof Party;

/** `count` people of one kind who each pay `unitFen`, and on what ground. */
export interface PriceLine {
  readonly kind: PartyKind;
  readonly count: number;
  readonly unitFen: number;
  readonly basis: 'public' | 'statutory' | 'offer';
}

export interface PartyPrice {
  readonly lines: readonly PriceLine[];
  readonly totalFen: number;
  /** What the same party pays without a proof and without a statutory concession. */
  readonly publicTotalFen: number;
}

const KINDS: readonly PartyKind[] = ['adults', 'children', 'seniors'];

/**
 * Who of a party pays what under a granted offer (design §4.2): for each person the best of the public price, the statutory
 * concession and the offer, never two of them together and never above the public price. On a tie the ground that needs no
 * proof is named. The statutory concession does not use up the offer; people beyond the offer's party pay as without it.
 * All amounts are whole fen; a percentage is rounded half up on the price of one person.
 * @returns `undefined` when the offer names no prices
 * @throws RangeError when the party is not made of non-negative integers
 */
export function priceParty(offer: Pick<Offer, 'effect' | 'party' | 'prices'>, party: Party): PartyPrice | undefined {
  const { prices } = offer;
  if (KINDS.some((kind) => !Number.isSafeInteger(party[kind]) || party[kind] < 0))
    throw new RangeError('a party counts people');
  if (prices === undefined) return undefined;
  const lines = KINDS.flatMap((kind) => priceKind(kind, party[kind], offer.party[kind], prices, offer.effect));
  return {
    lines,
    totalFen: sum(lines.map((line) => line.count * line.unitFen)),
    publicTotalFen: sum(KINDS.map((kind) => party[kind] * publicFen(kind, prices))),
  };
}

function priceKind(kind: PartyKind, count: number, covered: number, prices: Prices, effect: Effect): PriceLine[] {
  const plain = withoutProof(kind, prices);
  const offerFen = applyEffect(effect, publicFen(kind, prices));
  if (offerFen >= plain.unitFen) return linesOf({ ...plain, kind, count });
  const granted = Math.min(count, covered);
  return [
    ...linesOf({ kind, count: granted, unitFen: offerFen, basis: 'offer' }),
    ...linesOf({ ...plain, kind, count: count - granted }),
  ];
}

function linesOf(line: PriceLine): PriceLine[] {
  return line.count === 0 ? [] : [line];
}

function withoutProof(kind: PartyKind, prices: Prices): Pick<PriceLine, 'unitFen' | 'basis'> {
  const open = publicFen(kind, prices);
  const statutory = statutoryFen(kind, prices);
  return statutory < open ? { unitFen: statutory, basis: 'statutory' } : { unitFen: open, basis: 'public' };
}

function publicFen(kind: PartyKind, prices: Prices): number {
  return { adults: prices.adultFen, children: prices.childFen, seniors: prices.seniorFen }[kind];
}

/** No law lowers the price of an adult. */
function statutoryFen(kind: PartyKind, prices: Prices): number {
  const { childFen, seniorFen } = prices.statutory;
  return { adults: prices.adultFen, children: childFen, seniors: seniorFen }[kind];
}

function applyEffect(effect: Effect, fen: number): number {
  if (effect.kind === 'free') return 0;
  // What comes back comes back later (`rebateFen`).
  if (effect.kind === 'cashback') return fen;
  if (effect.kind === 'price_to') return Math.min(effect.fen, fen);
  return Math.floor((fen * (100 - effect.percent) + 50) / 100);
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
