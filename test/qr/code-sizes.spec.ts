import { describe, expect, it } from '@jest/globals';
import QRCode from 'qrcode';
import { readdirSync, readFileSync } from 'node:fs';
import { QR_LEVEL } from '#libs/attestation';
import type { SchemeDocument } from '#libs/scheme';
import { drawRealCode, SAMPLE_NAMES, type Names } from './real-presentations.js';

const MAX_VERSION = 22;

async function versionOf(names: Names): Promise<number> {
  return QRCode.create(await drawRealCode(names), { errorCorrectionLevel: QR_LEVEL, maskPattern: 0 }).version;
}

type Member = { readonly id: string; readonly place: string };
type Partner = { readonly id: string; readonly sites: readonly { readonly id: string }[] };
type Offer = { readonly id: string; readonly partner: string };

function all<Document>(folder: string): Document[] {
  const files = readdirSync(`config/${folder}`, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  return files.map((name) => JSON.parse(readFileSync(`config/${folder}/${name}`, 'utf8')) as Document);
}

/** Every scheme's residents at every site of every offer. */
function sampleNames(): Names[] {
  const members = all<Member>('alliance/members');
  const partners = all<Partner>('alliance/partners');
  const { id: federation } = JSON.parse(readFileSync('config/alliance/alliance.json', 'utf8')) as { id: string };
  const host = (id: string): string => new URL(id).host;
  return all<SchemeDocument>('schemes')
    .filter((scheme) => scheme.export === 'band')
    .flatMap((scheme) =>
      all<Offer>('alliance/offers').flatMap((offer) =>
        partners
          .find(({ id }) => id === offer.partner)!
          .sites.map((site) => ({
            ...SAMPLE_NAMES,
            county: host(members.find(({ place }) => place === scheme.place)!.id),
            federation: host(federation),
            scheme: scheme.id,
            partner: offer.partner,
            site: site.id,
            offer: offer.id,
          })),
      ),
    );
}

/** Names of the longest kind ADR 6 allows, alike in nothing, so that deflating finds nothing in them. */
function longNames(): Names {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789-';
  const name = (length: number): string =>
    Array.from({ length }, () => letters[Math.floor(Math.random() * letters.length)]).join('');
  return {
    county: name(64),
    federation: name(64),
    partner: name(48),
    site: name(48),
    offer: name(48),
    scheme: name(48),
    link: 'X'.repeat(32),
    positiveGrades: ['AAAA', 'AAA', 'AA', 'A'],
    suite: 'EdDSA',
    fingerprintBytes: 32,
    person: '阿卜杜热西提·买买提*',
  };
}

describe('the code fits version 22 at level L, link included (design §4.2, ADR 6)', () => {
  it('for every resident at every site of the sample alliance, under both suites and with a document checked', async () => {
    const names = sampleNames();
    expect(names.length).toBeGreaterThan(24);
    const cases = names.flatMap((each): Names[] => [each, { ...each, suite: 'EdDSA' }, { ...each, person: '欧阳**' }]);
    const versions = await Promise.all(cases.map(versionOf));
    expect(Math.max(...versions)).toBeLessThanOrEqual(18);
  });

  it('for names at the bounds of ADR 6, all at once', async () => {
    const versions = await Promise.all(Array.from({ length: 8 }, () => versionOf(longNames())));
    expect(Math.max(...versions)).toBeLessThanOrEqual(MAX_VERSION);
  });
});
