import type { AlliancePlan } from './alliance-plan.js';

/** One county with a scheme, another with a partner, one agreement, one table, two offers: the least that can grant. */
export const SMALL_ALLIANCE: AlliancePlan = {
  members: [{ id: 'https://rongcheng.example' }, { id: 'https://rugao.example', place: '320682', statusLists: [] }],
  partners: [{ id: 'rugao-spot', hostCounty: 'https://rugao.example' }],
  schemes: [{ id: 'rongcheng', member: 'https://rongcheng.example' }],
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
