import { VILLAGE } from '../sample-subjects.js';
import { leftOut, notFound, ofCounty, outOfScope, refused, type Rows } from './foreign-request.js';
import { call, entry, type OneOfEach, OUR_SCHEME, THEIR_SCHEME, TODAY } from './one-of-each.js';

const reason = { reason: 'a reason' };
const soap = { items: [{ sku: 'soap', n: 1 }] };
const register = { path: { scheme: OUR_SCHEME }, query: `from=${TODAY}&to=${TODAY}` };
const planned = (scheme: string, more: object): object => ({
  key: 'plan',
  scheme,
  day: TODAY,
  title: 'a day',
  ...more,
});

/** Entries, wallets, activities, the shop and its days. */
export const aboutPoints = (ours: OneOfEach): Rows => ({
  'GET /v1/admin/entries': [leftOut('state=declared')],
  'POST /v1/admin/entries': [
    refused('SUBJECT_UNKNOWN', { body: { entries: [entry('ours-new', OUR_SCHEME, 'ours-2')] } }),
    ofCounty('SUBJECT_UNKNOWN', { body: { entries: [entry('x', THEIR_SCHEME, 'ours-2')] } }, 'SUBJECT_OUTSIDE_SCHEME'),
  ],
  'POST /v1/admin/entries/acts': [
    refused('ENTRY_ROLE_MISSING', { body: { key: 'verify', act: 'verify', entries: ['ours-waiting'] } }),
  ],
  'POST /v1/admin/corrections': [notFound({ body: { id: 'ours-back', reverses: 'ours-b', ...reason } })],
  'GET /v1/admin/subjects/{handle}/ledger': [
    notFound({ path: { handle: 'ours-1' }, query: `scheme=${OUR_SCHEME}` }),
    notFound({ path: { handle: 'ours-1' }, query: `scheme=${THEIR_SCHEME}` }),
  ],
  'POST /v1/admin/activities': [
    outOfScope({ body: { ...call(OUR_SCHEME, VILLAGE), key: 'call' } }),
    ofCounty('PLACE_OUT_OF_SCOPE', { body: { ...call(THEIR_SCHEME, VILLAGE), key: 'call-2' } }, 'BODY_INVALID'),
  ],
  'GET /v1/admin/activities': [leftOut()],
  'GET /v1/admin/activities/{activity}': [notFound({ path: { activity: ours.activity } })],
  'POST /v1/admin/activities/{activity}/sign-ups': [
    notFound({ path: { activity: ours.activity }, body: { subject: 'ours-1' } }),
    ofCounty(
      'SUBJECT_UNKNOWN',
      { path: { activity: ours.theirActivity }, body: { subject: 'ours-1' } },
      'SUBJECT_OUTSIDE_SCHEME',
    ),
  ],
  'DELETE /v1/admin/activities/{activity}/sign-ups/{subject}': [
    notFound({ path: { activity: ours.activity, subject: 'ours-1' } }),
  ],
  'POST /v1/admin/activities/{activity}/sheet': [
    notFound({ path: { activity: ours.activity }, body: { key: 'sheet', rows: [{ subject: 'ours-1' }] } }),
    ofCounty(
      'SUBJECT_UNKNOWN',
      { path: { activity: ours.theirActivity }, body: { key: 'sheet', rows: [{ subject: 'ours-1' }] } },
      'SUBJECT_OUTSIDE_SCHEME',
    ),
  ],
  'POST /v1/admin/redemptions': [
    outOfScope({ body: { key: 'buy', scheme: OUR_SCHEME, subject: 'ours-1', ...soap } }),
    ofCounty(
      'SUBJECT_UNKNOWN',
      { body: { key: 'buy-2', scheme: THEIR_SCHEME, subject: 'ours-1', ...soap } },
      'WALLET_INSUFFICIENT',
    ),
  ],
  'POST /v1/admin/redemptions/{redemption}/returns': [
    notFound({
      path: { redemption: ours.redemption },
      body: { key: 'back', items: [{ sku: 'massage', n: 1, codes: [ours.spareCode] }], ...reason },
    }),
  ],
  'POST /v1/admin/card-codes/uses': [notFound({ body: { key: 'use', code: ours.code } })],
  'GET /v1/admin/schemes/{scheme}/shop': [notFound({ path: { scheme: OUR_SCHEME } })],
  'POST /v1/admin/stock/deliveries': [
    outOfScope({ body: { key: 'more', scheme: OUR_SCHEME, sku: 'soap', n: 1, costFen: 0 } }),
  ],
  'POST /v1/admin/stock/counts': [
    outOfScope({ body: { key: 'count', scheme: OUR_SCHEME, sku: 'soap', counted: 9, ...reason } }),
  ],
  'POST /v1/admin/funds/inflows': [
    outOfScope({
      body: { key: 'gift', scheme: OUR_SCHEME, fund: 'village', source: 'donation', amountFen: 100, note: 'a gift' },
    }),
  ],
  'GET /v1/admin/schemes/{scheme}/funds/{fund}': [notFound({ path: { scheme: OUR_SCHEME, fund: 'village' } })],
  'GET /v1/admin/areas/{area}/clearing': [notFound({ path: { area: 'ours-area' } })],
  'POST /v1/admin/areas/{area}/clearings': [notFound({ path: { area: 'ours-area' }, body: { key: 'clear' } })],
  'POST /v1/admin/redemption-days': [
    outOfScope({ body: planned(OUR_SCHEME, {}) }),
    ofCounty('SUBJECT_UNKNOWN', { body: planned(THEIR_SCHEME, { key: 'plan-2', invited: { subjects: ['ours-1'] } }) }),
    ofCounty(
      'INVITATION_INVALID',
      {
        body: planned(THEIR_SCHEME, { key: 'plan-3', invited: { run: ours.run, grading: 'model' } }),
      },
      'INVITATION_INVALID',
    ),
  ],
  'GET /v1/admin/redemption-days': [leftOut()],
  'GET /v1/admin/redemption-days/{day}': [notFound({ path: { day: ours.day } })],
  'GET /v1/admin/redemption-days/{day}/pick-list': [notFound({ path: { day: ours.day } })],
  'GET /v1/admin/redemption-days/{day}/pick-list.csv': [notFound({ path: { day: ours.day } })],
  'POST /v1/admin/redemption-days/{day}/settlement': [notFound({ path: { day: ours.day } })],
  'POST /v1/admin/redemption-days/{day}/opening': [notFound({ path: { day: ours.day } })],
  'POST /v1/admin/redemption-days/{day}/paper-batches': [
    notFound({
      path: { day: ours.day },
      // Beyond the balance: it goes into the shortage register.
      body: { key: 'paper', lines: [{ line: 1, subject: 'ours-2', sku: 'soap', n: 1 }] },
    }),
  ],
  'POST /v1/admin/redemption-days/{day}/closing': [
    notFound({ path: { day: ours.day }, body: { key: 'close', counts: [{ sku: 'soap', counted: 9, ...reason }] } }),
  ],
  'GET /v1/admin/shortages': [leftOut()],
  'POST /v1/admin/shortages/settlements': [
    notFound({ body: { key: 'settle', scheme: OUR_SCHEME, subject: 'ours-2', points: 1, ...reason } }),
  ],
  'GET /v1/admin/subjects/{handle}/booklet': [notFound({ path: { handle: 'ours-1' }, query: `scheme=${OUR_SCHEME}` })],
  'GET /v1/admin/subjects/{handle}/booklet.csv': [
    notFound({ path: { handle: 'ours-1' }, query: `scheme=${OUR_SCHEME}` }),
  ],
  'GET /v1/admin/schemes/{scheme}/redemption-register': [outOfScope(register)],
  'GET /v1/admin/schemes/{scheme}/redemption-register.csv': [outOfScope(register)],
});
