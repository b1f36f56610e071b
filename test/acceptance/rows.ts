import type { Row } from './row.js';
import { f01 } from './rows/f01-nanjiao.js';
import { f02 } from './rows/f02-two-level-fund.js';
import { f03 } from './rows/f03-health-card.js';
import { f04 } from './rows/f04-invited-volunteers.js';
import { f05 } from './rows/f05-community-files.js';
import { f06 } from './rows/f06-organs.js';
import { f07 } from './rows/f07-schools.js';
import { f08 } from './rows/f08-enterprises.js';
import { f09 } from './rows/f09-quarterly-calendar.js';
import { f10 } from './rows/f10-register.js';
import { f11 } from './rows/f11-guanhaiyuan.js';
import { f12 } from './rows/f12-honours.js';
import { f13 } from './rows/f13-yihe.js';
import { f14 } from './rows/f14-household-card.js';
import { f15 } from './rows/f15-beautiful-account.js';
import { f16 } from './rows/f16-town-template.js';
import { f17a, f17b, f17c, f17d } from './rows/f17-four-villages.js';
import { f18 } from './rows/f18-per-head.js';
import { f19 } from './rows/f19-three-alliances.js';
import { f20 } from './rows/f20-rongcheng.js';
import { f21 } from './rows/f21-above-the-mean.js';
import { f22 } from './rows/f22-three-clients.js';
import { f23 } from './rows/f23-district-roll-up.js';
import { f24 } from './rows/f24-virtue-loan.js';
import { f25 } from './rows/f25-equal-value.js';
import { f26 } from './rows/f26-weihai-table.js';
import { f27 } from './rows/f27-second-issuer.js';
import { f28 } from './rows/f28-two-counties.js';
import { f29 } from './rows/f29-three-provinces.js';
import { f30, f31, f32, f33, f34 } from './rows/f30-undeclared-members.js';

/** In the order of domain part A. */
export const ROWS: readonly Row[] = [
  f01,
  f02,
  f03,
  f04,
  f05,
  f06,
  f07,
  f08,
  f09,
  f10,
  f11,
  f12,
  f13,
  f14,
  f15,
  f16,
  f17a,
  f17b,
  f17c,
  f17d,
  f18,
  f19,
  f20,
  f21,
  f22,
  f23,
  f24,
  f25,
  f26,
  f27,
  f28,
  f29,
  f30,
  f31,
  f32,
  f33,
  f34,
];
