import { bandAtLeast, bandOf, tableInEffect } from '#libs/equivalence';
import { isListed } from '#libs/offers';
import { attested, type Check, isSame, stands } from './check.js';

/** That the partner asked recognises what was attested: offer, site, agreement, scheme, band and person. */
export const RECOGNITION_CHECKS: readonly Check[] = [
  {
    name: 'offer-is-the-one-asked-for',
    clause: 'design §1.2: what was asked for is decided, and nothing in its place',
    fault: 'no_proof',
    holds: (facts, { offer }) => isSame(offer?.payload.id, facts.offer),
  },
  {
    name: 'offer-is-this-partners',
    clause: 'design §4.2: a lane accepts any offer of its own partner',
    fault: 'no_proof',
    holds: ({ place }, { offer }) => isSame(offer?.payload.partner, place.partner),
  },
  {
    name: 'partner-in-good-standing',
    clause: 'design §4.5: a suspended document counts as withdrawn',
    fault: 'no_proof',
    holds: ({ place }, { partner }) =>
      partner !== undefined && isSame(partner.payload.id, place.partner) && stands(partner),
  },
  {
    name: 'site-belongs-to-the-partner',
    clause: 'docs/wire.md: partner.sites',
    fault: 'no_proof',
    holds: ({ place }, { partner }) => partner?.payload.sites.some((site) => isSame(site.id, place.site)) === true,
  },
  {
    name: 'county-in-the-agreement',
    clause: 'design §2: which counties recognise which schemes',
    fault: 'no_proof',
    holds: attested(
      ({ issuer }, _, { agreement }) => agreement !== undefined && isListed(agreement.payload.counties, issuer),
    ),
  },
  {
    name: 'scheme-in-the-agreement',
    clause: 'domain §3.3 (4): no agreement naming that scheme',
    fault: 'no_proof',
    holds: attested(
      ({ scheme }, _, { agreement }) => agreement !== undefined && isListed(agreement.payload.schemes, scheme.id),
    ),
  },
  {
    name: 'scheme-declared-by-the-issuer',
    clause: 'design §4.1: scheme.id must belong to iss, look-up by exact (id, fingerprint)',
    fault: 'no_proof',
    holds: attested(
      ({ issuer, scheme }, _, { scheme: declared }) =>
        declared !== undefined &&
        stands(declared) &&
        isSame(declared.payload.member, issuer) &&
        isSame(declared.payload.id, scheme.id) &&
        isSame(declared.payload.fingerprint, scheme.fingerprint),
    ),
  },
  {
    name: 'one-threshold-disclosed',
    clause: 'design §4.1: one band per request',
    fault: 'no_proof',
    holds: attested(({ thresholds }) => thresholds.length === 1),
  },
  {
    name: 'band-reached',
    clause: 'design §4.1, §4.4: map(threshold) ≥ band under the version in effect; unmapped is never a yes',
    fault: 'no_proof',
    holds: attested(({ thresholds, scheme }, { now }, { offer, tables }) => {
      const versions = tables
        .filter(
          ({ payload }) =>
            isSame(payload.scheme.id, scheme.id) && isSame(payload.scheme.fingerprint, scheme.fingerprint),
        )
        .map((version) => ({ table: version.payload, suspended: !stands(version) }));
      const current = tableInEffect(versions, now);
      const [threshold] = thresholds;
      const band =
        current.kind === 'in_effect' && threshold !== undefined ? bandOf(current.table, threshold) : undefined;
      return offer !== undefined && band !== undefined && bandAtLeast(band, offer.payload.band);
    }),
  },
  {
    name: 'person-shown-where-a-document-is-checked',
    clause:
      'design §4.1: for holderCheck "document" the wallet also discloses person; §4.2: a card always, for a voucher the gate has read the document',
    fault: 'no_proof',
    holds: attested(({ hasPerson }, { way }, { offer }) => {
      if (offer === undefined || way === 'voucher') return offer !== undefined;
      return hasPerson || (way !== 'card' && offer.payload.holderCheck === 'device');
    }),
  },
];
