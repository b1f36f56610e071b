export {
  checkEntry,
  checkReversal,
  type EntryFault,
  type ProposedEntry,
  type RecordedEntry,
  type ReversalFault,
} from './check-entry.js';
export { ENTRY_MOVES, type EntryAct, entryCounts, nextState } from './entry-states.js';
export {
  type Actor,
  approvalsNeeded,
  type EntryCase,
  type EntryRole,
  type EntryStep,
  type MayActFault,
  type Person,
} from './may-act.js';
export { type ActFault, type AskedAct, performAct, type PerformedAct } from './perform-act.js';
export {
  type HandOut,
  reconcile,
  type Reconciliation,
  type StockCount,
  type StockReconciliation,
} from './reconcile.js';
export { type Settlement, type SettlementDifference, type SettlementFault, settle, type WalletLine } from './settle.js';
export { bookDifference, movedWallet, spendPoints, type WalletMove, type WalletState } from './wallet-difference.js';
