/** The device at one lane of a site. */
export const LANE = 'lane';
/** The back office of a shop that sells online. */
export const SHOP = 'shop';
export const GATE_MANAGER = 'gate_manager';
/** Reads receipts and replays them. */
export const AUDITOR = 'auditor';
/** Reads daily counts for settlement. */
export const SETTLEMENT = 'settlement';

export const GATE_ROLES = [LANE, SHOP, GATE_MANAGER, AUDITOR, SETTLEMENT] as const;
