import { decodeStatusList, statusAt, type VerifiedStatusList } from '#libs/status-list';
import { nodeCrypto } from '#libs/jose-profile/node';
import { type Answer, type Ask, COUNTY_ID, type RunningCounty } from './running-county.js';

export interface ServedStatusList extends VerifiedStatusList {
  readonly answer: Answer;
  statusAt(index: number): 0 | 1 | undefined;
}

/** Fetches the county's list as a gate does and verifies it with the county's status key. */
export async function servedStatusList(county: RunningCounty, ask: Ask = county.ask): Promise<ServedStatusList> {
  const answer = await ask('GET', '/s/1');
  const key = await nodeCrypto.importPublicKey('ES256', county.statusKey);
  const decoded = await decodeStatusList(answer.text, { uri: `${COUNTY_ID}/s/1`, issuer: COUNTY_ID, key }, nodeCrypto);
  if (!decoded.ok) throw new Error(decoded.fault);
  return { ...decoded.value, answer, statusAt: (index) => statusAt(decoded.value, index) };
}
