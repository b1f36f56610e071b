import { BANDS } from '#libs/equivalence';
import { day, integer, list, matching, object, oneOf, record, text, where, type Form } from './form.js';
import { offerForm } from './offer-form.js';
import type {
  AgreementPayload,
  AnchorPayload,
  DelegationPayload,
  HeadPayload,
  KeyPurpose,
  MemberPayload,
  PartnerPayload,
  PayloadOf,
  RoundPayload,
  SchemePayload,
  SignedType,
  TablePayload,
} from './payloads.js';
import {
  digest,
  entityId,
  fingerprint,
  grade,
  httpsUrl,
  hasQuorum,
  identifier,
  isLifetime,
  isSpan,
  MAX_LISTED,
  MAX_SIGNATURES,
  MAX_VERSION,
  name,
  organisationKeys,
  purposeKeys,
  suitedKey,
  suspendedDigests,
  version,
} from './shared-forms.js';

const MAX_GRADES = 32;
export const MAX_HEAD_LIFE_SECONDS = 7 * 86_400;

const instant = integer(0);
/** A GB/T 2260 code where there is one; functional zones have none. */
const place = matching(/^[0-9A-Za-z][0-9A-Za-z._:-]{0,63}$/);
const word = matching(/^[a-z][a-z0-9_-]{0,31}$/);

/** Old and new roots sign one anchor, and during a rotation one delegation: both thresholds fit a document's signatures. */
const MAX_THRESHOLD = MAX_SIGNATURES / 2;

const anchor = where(
  object<AnchorPayload>({
    type: oneOf('anchor'),
    version: integer(2, MAX_VERSION),
    iat: instant,
    threshold: integer(2, MAX_THRESHOLD),
    keys: organisationKeys,
  }),
  hasQuorum,
);

const delegation = where(
  object<DelegationPayload>({
    type: oneOf('delegation'),
    epoch: instant,
    iat: instant,
    exp: instant,
    online: suitedKey,
    officers: organisationKeys,
  }),
  isLifetime,
);

const round = where(
  object<RoundPayload>({
    type: oneOf('round'),
    epoch: instant,
    round: instant,
    iat: instant,
    exp: instant,
    docs_root: digest,
    suspended: suspendedDigests,
  }),
  isLifetime,
);

const member = object<MemberPayload>({
  type: oneOf('member'),
  id: entityId,
  version,
  place,
  name,
  keys: purposeKeys,
  statusLists: list(httpsUrl, { max: 1_000 }),
});

/** A partner signs statements and receipts; attestations and status lists are a member's alone. */
const PARTNER_PURPOSES = new Set<KeyPurpose>(['statement', 'receipt']);

const partner = where(
  object<PartnerPayload>({
    type: oneOf('partner'),
    id: identifier,
    version,
    name,
    place,
    hostCounty: entityId,
    sites: list(object<PartnerPayload['sites'][number]>({ id: identifier, name }), { max: 1_000 }, ({ id }) => id),
    keys: purposeKeys,
  }),
  // A member's id is a URL, a partner's never: neither can be taken for the other.
  ({ id, keys }) => !id.includes('/') && keys.every(({ purpose }) => PARTNER_PURPOSES.has(purpose)),
);

const scheme = where(
  object<SchemePayload>({
    type: oneOf('scheme'),
    id: identifier,
    member: entityId,
    name,
    fingerprint,
    basis: word,
    subject: word,
    grades: list(grade, { min: 1, max: MAX_GRADES }),
    positiveFloor: grade,
  }),
  ({ grades, positiveFloor }) => grades.includes(positiveFloor),
);

const agreement = where(
  object<AgreementPayload>({
    type: oneOf('agreement'),
    id: identifier,
    version,
    name,
    counties: list(entityId, { max: MAX_LISTED }),
    schemes: list(identifier, { max: MAX_LISTED }),
    partners: list(identifier, { max: MAX_LISTED }),
    legalBasis: text(1_000),
    from: day,
    to: day,
  }),
  isSpan,
);

const table = where(
  object<TablePayload>({
    type: oneOf('table'),
    id: identifier,
    scheme: object<TablePayload['scheme']>({ id: identifier, fingerprint }),
    version,
    map: record(grade, oneOf(...BANDS), MAX_GRADES),
    excluded: list(grade, { max: MAX_GRADES }),
    effectiveFrom: day,
  }),
  ({ map, excluded }) => excluded.every((each) => !Object.hasOwn(map, each)),
);

/** The exact form of every payload of `docs/wire.md`. */
export const PAYLOAD_FORMS: { readonly [Type in SignedType]: Form<PayloadOf[Type]> } = {
  anchor,
  delegation,
  round,
  member,
  partner,
  scheme,
  agreement,
  table,
  offer: offerForm,
};

export const headForm: Form<HeadPayload> = where(
  object<HeadPayload>({
    epoch: instant,
    seq: instant,
    prev: (value) => (value === '' ? '' : digest(value)),
    round: instant,
    iat: instant,
    exp: instant,
    docs_root: digest,
    suspended: suspendedDigests,
  }),
  (head) => isLifetime(head) && head.exp - head.iat <= MAX_HEAD_LIFE_SECONDS,
);
