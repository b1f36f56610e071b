import { person, SUBDISTRICT, VILLAGE } from '../sample-subjects.js';
import { leftOut, notFound, ofCounty, open, outOfScope, refused, type Rows } from './foreign-request.js';
import { account, type OneOfEach, OUR_DOCUMENT, TODAY } from './one-of-each.js';

const reason = { reason: 'a reason' };
const village = { handle: 'ours-1' };
const resident = (handle: string): object => ({ handle, name: '王小明', documentLast4: '123X', birthYear: 1980 });
const joined = (member: string, of: string): object => ({ memberships: [{ member, of, from: '2026-02-01' }] });

/** Places, who lives in them, and who acts for them. */
export const aboutPeople = ({ door }: OneOfEach): Rows => ({
  'POST /v1/admin/places': [
    ofCounty('PLACE_OUT_OF_SCOPE', {
      body: { id: `${SUBDISTRICT}-east`, level: 'village', parent: SUBDISTRICT, name: '东村' },
    }),
  ],
  'POST /v1/admin/subjects': [outOfScope({ body: { subjects: [person('ours-new')] } })],
  'POST /v1/admin/subjects/searches': [outOfScope({ body: { place: VILLAGE, name: '王小明' } })],
  'GET /v1/admin/subjects/{handle}': [notFound({ path: village })],
  'PATCH /v1/admin/subjects/{handle}': [
    notFound({ path: village, body: { name: '王大明' } }),
    // One's own subject, moved into the village.
    ofCounty('PLACE_OUT_OF_SCOPE', { path: { handle: 'theirs-2' }, body: { place: VILLAGE } }),
  ],
  'POST /v1/admin/subjects/{handle}/account': [
    notFound({ path: { handle: 'ours-joining' }, body: { documentLast4: '123X' } }),
  ],
  'POST /v1/admin/subjects/{handle}/endings': [
    notFound({ path: { handle: 'ours-leaver' }, body: { cause: 'left', on: TODAY } }),
  ],
  'POST /v1/admin/subjects/{handle}/reopenings': [notFound({ path: { handle: 'ours-ended' }, body: reason })],
  'POST /v1/admin/subjects/{handle}/merges': [
    notFound({ path: { handle: 'ours-other' }, body: { into: 'ours-2', ...reason } }),
    ofCounty('NOT_FOUND', { path: { handle: 'ours-moved' }, body: { into: 'theirs-1', ...reason } }),
    ofCounty('SUBJECT_UNKNOWN', { path: { handle: 'theirs-3' }, body: { into: 'ours-2', ...reason } }),
  ],
  'POST /v1/admin/subjects/{handle}/merge-reversals': [notFound({ path: { handle: 'ours-twin' }, body: reason })],
  'POST /v1/admin/memberships': [
    refused('SUBJECT_UNKNOWN', { body: joined('ours-4', 'ours-h') }),
    ofCounty('SUBJECT_UNKNOWN', { body: joined('theirs-4', 'ours-h') }),
    ofCounty('SUBJECT_UNKNOWN', { body: joined('ours-5', 'theirs-h') }),
  ],
  'POST /v1/admin/memberships/corrections': [
    notFound({ body: { member: 'ours-4', of: 'ours-h', from: '2026-02-01', ...reason } }),
  ],
  'POST /v1/admin/memberships/endings': [
    notFound({ body: { member: 'ours-1', of: 'ours-h', to: TODAY } }),
    // The member is one's own by now, the household is not.
    ofCounty('NOT_FOUND', { body: { member: 'theirs-4', of: 'ours-h', to: TODAY } }),
  ],
  'POST /v1/admin/subjects/{handle}/door': [notFound({ path: { handle: 'ours-h2' } })],
  'POST /v1/admin/doors/resolutions': [refused('DOOR_UNKNOWN', { body: { door } })],
  'DELETE /v1/admin/subjects/{handle}/door': [notFound({ path: { handle: 'ours-h' } })],
  'POST /v1/admin/subjects/{handle}/document': [
    notFound({ path: { handle: 'ours-2' }, body: { type: 'resident_id', number: '371082198001010020' } }),
  ],
  'POST /v1/admin/documents/look-ups': [notFound({ body: { type: 'resident_id', number: OUR_DOCUMENT } })],
  'POST /v1/admin/documents/resealings': [ofCounty('PLACE_OUT_OF_SCOPE')],
  'POST /v1/admin/residents': [ofCounty('PLACE_OUT_OF_SCOPE', { body: { residents: [resident('ours-resident')] } })],
  'GET /v1/admin/subjects/{handle}/needs': [notFound({ path: village })],
  'PUT /v1/admin/subjects/{handle}/needs': [
    notFound({ path: village, body: { needs: [{ need: '低保户', from: '2026-01-01', document: 'ours-paper' }] } }),
  ],
  'GET /v1/admin/staff': [leftOut()],
  'POST /v1/admin/staff': [
    refused('STAFF_OUT_OF_SCOPE', { body: account('ours-verifier', VILLAGE) }),
    open('an account of the own place for `ours-1`: who works in one village may live in the next'),
  ],
  'PUT /v1/admin/staff/{username}': [
    refused('STAFF_OUT_OF_SCOPE', {
      path: { username: 'ours-clerk' },
      body: { grants: [{ role: 'verifier', place: VILLAGE }] },
    }),
  ],
  'POST /v1/admin/staff/{username}/password-reset': [
    refused('STAFF_OUT_OF_SCOPE', { path: { username: 'ours-clerk' } }),
  ],
  'POST /v1/admin/staff/{username}/disable': [refused('STAFF_OUT_OF_SCOPE', { path: { username: 'ours-clerk' } })],
  'GET /v1/admin/audit': [ofCounty('STAFF_OUT_OF_SCOPE')],
  'GET /v1/admin/audit/verification': [ofCounty('STAFF_OUT_OF_SCOPE')],
  'GET /v1/staff/me': [open('tells whoever asks of their own account')],
  'DELETE /v1/staff/sessions/current': [open('ends the session that asks')],
});
