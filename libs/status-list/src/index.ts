export { compressStatusBits, inflateStatusBits } from './compressed-bits.js';
export {
  decodeStatusList,
  statusAt,
  type StatusListExpectation,
  type StatusListFault,
  type VerifiedStatusList,
} from './decode-status-list.js';
export { isNewerList, orderStatusLists, type HeldStatusList, type StatusListOrder } from './order-status-lists.js';
export { MAX_LIFETIME_SECONDS, signStatusList, STATUS_LIST_TYP, type StatusListClaims } from './sign-status-list.js';
export {
  createStatusList,
  entryCount,
  MIN_ENTRIES,
  readStatus,
  setStatus,
  type BitsPerStatus,
  type StatusBits,
} from './status-bits.js';
