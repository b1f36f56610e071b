import type { Party } from '#libs/offers';

export interface VerificationRequest {
  readonly site: string;
  readonly lane: string;
  readonly presentation: { readonly way: 'rotating_qr'; readonly qr: string };
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
      properties: { way: { enum: ['rotating_qr'] }, qr: { type: 'string', maxLength: 4_096 } },
    },
    party: {
      type: 'object',
      additionalProperties: false,
      required: ['adults', 'children', 'seniors'],
      properties: { adults: people, children: people, seniors: people },
    },
  },
} as const;
