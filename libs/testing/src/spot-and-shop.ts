import type { AlliancePlan } from './alliance-plan.js';

/** A county whose residents travel, and the one whose partners they visit. */
export const COUNTY = 'https://rongcheng.example';
export const HOST = 'https://rugao.example';

/** The partners of a test gate: a spot with two sites, and a shop. */
export const SPOT_AND_SHOP: NonNullable<AlliancePlan['partners']> = [
  {
    id: 'spot',
    hostCounty: HOST,
    sites: [
      { id: 'spot-east', name: { zh: '东门' } },
      { id: 'spot-west', name: { zh: '西门' } },
    ],
  },
  { id: 'shop', hostCounty: HOST, sites: [{ id: 'shop-online', name: { zh: '直播间' } }] },
];
