import { ELSEWHERE, SUBDISTRICT, VILLAGE } from '../sample-subjects.js';
import { leftOut, notFound, ofCounty, outOfScope, type Rows } from './foreign-request.js';
import { draft, type OneOfEach, OUR_SCHEME, THEIR_SCHEME, TODAY } from './one-of-each.js';

const ofDraft = { id: OUR_SCHEME, version: 2 };
const told = (scheme: string, key: string): object => {
  const row = { subject: 'ours-1', grade: 'fair', from: '2026-01-01', to: '2026-12-31', document: 'a paper' };
  return { key, scheme, rows: [row] };
};

/** Schemes, what they make of people, and what leaves the county. */
export const aboutGrades = ({ run, openRun, batch }: OneOfEach): Rows => ({
  'GET /v1/admin/schemes/drafts': [leftOut()],
  'GET /v1/admin/schemes/drafts/{id}/versions/{version}': [notFound({ path: ofDraft })],
  'POST /v1/admin/schemes/drafts/{id}/versions/{version}/simulations': [
    notFound({ path: ofDraft, body: { period: '2026' } }),
  ],
  'POST /v1/admin/schemes/drafts/{id}/versions/{version}/adoption': [
    notFound({ path: ofDraft, body: { body: '村民会议', date: TODAY, record: '2026-9' } }),
  ],
  'POST /v1/admin/schemes/drafts': [
    outOfScope({ body: { document: draft(3) } }),
    // The village's scheme, moved to one's own place.
    ofCounty('PLACE_OUT_OF_SCOPE', { body: { document: draft(3, { place: ELSEWHERE }) } }),
  ],
  'POST /v1/admin/assessments': [outOfScope({ body: { scheme: OUR_SCHEME, period: '2026' } })],
  'GET /v1/admin/assessments': [leftOut()],
  'POST /v1/admin/assessments/{run}/release': [notFound({ path: { run: openRun } })],
  'GET /v1/admin/assessments/{run}/subjects/{handle}': [notFound({ path: { run, handle: 'ours-1' } })],
  'GET /v1/admin/residents/{handle}/assessment': [notFound({ path: { handle: 'ours-1' } })],
  'GET /v1/admin/assessments/{run}/results': [
    notFound({ path: { run } }),
    notFound({ path: { run }, query: `place=${VILLAGE}` }),
  ],
  'GET /v1/admin/assessments/{run}/boards/{surface}': [notFound({ path: { run, surface: 'honour' } })],
  'GET /v1/admin/assessments/{run}/boards/{surface}/page': [notFound({ path: { run, surface: 'honour' } })],
  'POST /v1/admin/imported-grades': [
    outOfScope({ body: told(OUR_SCHEME, 'import') }),
    ofCounty('SUBJECT_UNKNOWN', { body: told(THEIR_SCHEME, 'import-2') }, 'SUBJECT_OUTSIDE_SCHEME'),
  ],
  'GET /v1/admin/imported-grades/{batch}': [notFound({ path: { batch } })],
  'POST /v1/admin/imported-grades/{batch}/release': [notFound({ path: { batch } })],
  'GET /v1/admin/schemes/{scheme}/benefits': [outOfScope({ path: { scheme: OUR_SCHEME } })],
  'POST /v1/admin/benefits/checks': [
    outOfScope({ body: { key: 'check', scheme: OUR_SCHEME, benefit: 'lunch', subject: 'ours-1' } }),
  ],
  'GET /v1/admin/schemes/{scheme}/rectifications': [notFound({ path: { scheme: OUR_SCHEME } })],
  'GET /v1/admin/roll-up': [
    notFound({ query: `place=${VILLAGE}&period=2026` }),
    // What lies above both of them.
    ofCounty('NOT_FOUND', { query: `place=${SUBDISTRICT}&period=2026` }),
  ],
  'POST /v1/admin/residents/{handle}/enrolment-codes': [notFound({ path: { handle: 'ours-1' } })],
  'POST /v1/admin/residents/{handle}/revocations': [
    notFound({ path: { handle: 'ours-1' }, body: { reason: 'a reason' } }),
  ],
  'POST /v1/admin/countersignatures': [
    ofCounty('PLACE_OUT_OF_SCOPE', { body: { payload: {} } }, 'COUNTERSIGNATURE_REFUSED'),
  ],
  'GET /v1/admin/outbox': [ofCounty('PLACE_OUT_OF_SCOPE')],
  // Last: from then on the outbox is busy.
  'POST /v1/admin/scheme-declarations': [ofCounty('PLACE_OUT_OF_SCOPE')],
});
