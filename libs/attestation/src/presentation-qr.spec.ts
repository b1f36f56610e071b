import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import QRCode from 'qrcode';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from '#libs/jose-profile/node';
import { encodeBase64url } from '#libs/jose-profile';
import { decodeBase41, encodeBase41 } from './base41.js';
import { issueTierAttestation } from './issue-tier-attestation.js';
import { signKeyBinding } from './key-binding.js';
import { decodePresentationQr, encodePresentationQr } from './presentation-qr.js';

async function presentation(): Promise<string> {
  const county = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  const holder = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  const token = await issueTierAttestation(
    {
      iss: 'https://rongcheng.example',
      iat: 1_795_363_200,
      exp: 1_796_572_800,
      vct: 'https://alliance.example/vct/tier/1',
      cnf: holder.publicJwk,
      partner: 'rugao-spot',
      status: { idx: 70_000, uri: 'https://rongcheng.example/s/1' },
      scheme: { id: 'cn-371082-credit', fingerprint: encodeBase64url(nodeCrypto.randomBytes(16)) },
      positiveGrades: ['AAA', 'AA', 'A'],
      heldGrades: ['AA', 'A'],
      person: { name: '王*明', idLast4: '123X' },
    },
    county,
    nodeCrypto,
  );
  const [jws, threshold] = token.split('~');
  const shown = `${jws}~${threshold}~`;
  const claims = { iat: 1_795_400_000, aud: 'rugao-spot-east', offer: 'rugao-free-aa' };
  const nonce = encodeBase64url(nodeCrypto.randomBytes(16));
  return shown + (await signKeyBinding(shown, { ...claims, nonce }, holder.key, nodeCrypto));
}

describe('Base41', () => {
  it('gives every byte string back and one text only for it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decodeBase41(encodeBase41(bytes))).toEqual(bytes);
      }),
    );
  });

  it('refuses foreign characters, impossible lengths and overflow', () => {
    for (const text of ['0', 'abc', '0 0', '%00', ':::', '::']) expect(decodeBase41(text)).toBeUndefined();
  });
});

describe('the QR text of a presentation (design §4.2)', () => {
  it('gives the presentation back byte for byte', async () => {
    const text = await presentation();
    expect(decodePresentationQr(encodePresentationQr(text, 'XINQIAO.EXAMPLE'))).toBe(text);
  });

  it('is alphanumeric but for the # itself, and within version 22 at level L, link prefix included', async () => {
    const text = encodePresentationQr(await presentation(), 'XINQIAO.EXAMPLE');
    const code = QRCode.create(text, { errorCorrectionLevel: 'L' });
    expect(text.replace('#', '')).toMatch(/^[0-9A-Z$*\-.:/]+$/);
    expect(code.segments.map((segment) => segment.mode.id)).toEqual(['Alphanumeric', 'Byte', 'Alphanumeric']);
    expect(code.version).toBeLessThanOrEqual(22);
  });

  it('is a link whose fragment survives a URL parser unchanged', async () => {
    const text = encodePresentationQr(await presentation(), 'XINQIAO.EXAMPLE');
    expect(new URL(text).hash.slice(1)).toBe(text.slice(text.indexOf('#') + 1));
  });

  it('refuses other links, damaged and oversized containers without throwing', async () => {
    const text = encodePresentationQr(await presentation(), 'XINQIAO.EXAMPLE');
    for (const other of ['', 'https://xinqiao.example/#00', 'HTTPS://X/#', text.slice(0, -3), `${text}ABC`.repeat(4)])
      expect(decodePresentationQr(other)).toBeUndefined();
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (noise) => {
        decodePresentationQr(`HTTPS://X/#${noise}`);
        decodePresentationQr(`HTTPS://X/#${encodeBase41(new TextEncoder().encode(noise))}`);
      }),
    );
  });
});
