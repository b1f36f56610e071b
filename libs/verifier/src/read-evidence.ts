import type { EvidenceReader, Expectation } from './evidence.js';
import { readCard } from './read-card.js';
import { readTier } from './read-tier.js';
import { readVoucher } from './read-voucher.js';

const READERS: { readonly [Way in Expectation['way']]: EvidenceReader } = {
  rotating_qr: readTier,
  session: readTier,
  voucher: readVoucher,
  card: readCard,
};

/**
 * Reads what was presented, as the one type of the expected way: checks its form, every digest and signature, and looks its
 * key and status up in what the gate holds. Never rejects and never decides: a text of another kind gives evidence of nothing,
 * and the checks in `decide` do the rest. The same work is done whatever fails, be it the parsing (design §1.3).
 */
export const readEvidence: EvidenceReader = (text, expectation, trust, lists, port) =>
  READERS[expectation.way](text, expectation, trust, lists, port);
