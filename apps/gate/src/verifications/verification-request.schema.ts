import type { Party } from '#libs/offers';

/** What was scanned, and as what: the lane says so before anything is read. A card asks for nothing, so the clerk names the offer. */
export type Scanned =
  | { readonly way: 'rotating_qr'; readonly qr: string }
  | { readonly way: 'card'; readonly qr: string; readonly offer: string };

export interface VerificationRequest {
  readonly site: string;
  readonly lane: string;
  readonly presentation: Scanned;
  readonly party?: Party;
}

const name = { type: 'string', minLength: 1, maxLength: 200 } as const;
const people = { type: 'integer', minimum: 0, maximum: 200 } as const;

/** Closed: what it does not name is refused. Checked by ajv, the fast way, on the one hot route. */
export const VERIFICATION_REQUEST = {
  type: 'object',
  additionalProperties: false,
  required: ['site', 'lane', 'presentation'],
  properties: {
    site: name,
    lane: name,
    presentation: {
      type: 'object',
      additionalProperties: false,
      required: ['way', 'qr'],
      properties: { way: { enum: ['rotating_qr', 'card'] }, qr: { type: 'string', maxLength: 4_096 }, offer: name },
      anyOf: [
        { properties: { way: { const: 'rotating_qr' }, offer: false } },
        { properties: { way: { const: 'card' } }, required: ['offer'] },
      ],
    },
    party: {
      type: 'object',
      additionalProperties: false,
      required: ['adults', 'children', 'seniors'],
      properties: { adults: people, children: people, seniors: people },
    },
  },
} as const;
