import type { AlliancePlan } from './alliance-plan.js';
import { COUNTY, HOST } from './spot-and-shop.js';

/** One county with a scheme, another with a partner, one agreement, one table, two offers: the least that can grant. */
export const SMALL_ALLIANCE: AlliancePlan = {
  members: [{ id: COUNTY }, { id: HOST, place: '320682', statusLists: [] }],
  partners: [{ id: 'rugao-spot', hostCounty: HOST }],
  schemes: [{ id: 'rongcheng', member: COUNTY }],
  agreements: [{ id: 'lv' }],
  tables: [{ scheme: { id: 'rongcheng' } }],
  offers: [
    { id: 'rugao-free-aa', partner: 'rugao-spot', agreement: 'lv' },
    {
      id: 'rugao-half-a',
      partner: 'rugao-spot',
      agreement: 'lv',
      band: 'A',
      effect: { kind: 'percent_off', percent: 50 },
    },
  ],
};
