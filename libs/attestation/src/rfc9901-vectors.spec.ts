import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  isSignedBy,
  parseCompactJws,
  parsePublicJwk,
  type JsonObject,
  type JsonValue,
  type ParsedJws,
  type VerificationKey,
} from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { describeWithVectors } from '#libs/testing';
import { disclosureDigest, parseDisclosure, type Disclosure } from './disclosures.js';
import { parseKeyBinding, sdHash } from './key-binding.js';
import { parsePresentation } from './parse-presentation.js';
import { processDisclosures } from './process-disclosures.js';

interface Token {
  readonly id: string;
  readonly section: string;
  readonly kind: 'issuer-signed-jwt' | 'sd-jwt' | 'sd-jwt+kb';
  readonly header: { readonly typ: string };
  readonly compact: string;
  readonly disclosure_count: number;
}

interface JsonToken {
  readonly id: string;
  readonly form: 'flattened' | 'general';
  readonly jws: { readonly payload: string } & (Signature | { readonly signatures: readonly Signature[] });
  readonly checks: readonly { readonly signature_valid_with_issuer_key: boolean }[];
}

interface Signature {
  readonly protected: string;
  readonly signature: string;
  readonly header?: { readonly disclosures?: readonly string[] };
}

interface Rfc9901 {
  readonly issuer_public_jwk: JsonObject;
  readonly tokens: readonly Token[];
  readonly json_serialization: readonly JsonToken[];
  readonly disclosures: readonly { readonly line: number; readonly disclosure: string; readonly hash: string | null }[];
  readonly processed_payloads: readonly { readonly section: string; readonly payload: JsonValue }[];
}

describeWithVectors('sd-jwt', (files) => {
  const vectors = files.json('rfc9901-vectors.json') as Rfc9901;
  let issuer: VerificationKey;
  beforeAll(async () => {
    issuer = await importKey(vectors.issuer_public_jwk);
  });

  describe('RFC 9901, every example', () => {
    it.each(vectors.tokens)('$id ($section, $kind): signature and disclosures', async (token) => {
      const [first, ...rest] = token.compact.split('~');
      const jws = parseJws(String(first), token.header.typ);
      expect(await isSignedBy(jws, issuer, nodeCrypto)).toBe(true);
      const shown = rest.slice(0, -1).map((text) => parse(text));
      expect(shown).toHaveLength(token.disclosure_count);
      expect(await processDisclosures(jws.payload, shown, nodeCrypto)).toMatchObject({ ok: true });
    });

    it.each(vectors.tokens.filter(({ kind }) => kind === 'sd-jwt+kb'))('$id ($section): key binding', async (token) => {
      const parts = token.compact.split('~');
      const keyBinding = parseKeyBinding(String(parts.at(-1)));
      if (!keyBinding.ok) throw new Error(keyBinding.fault);
      const { payload } = parseJws(String(parts[0]), token.header.typ);
      const holder = await importKey((payload['cnf'] as JsonObject)['jwk'] as JsonObject);
      expect(await isSignedBy(keyBinding.value.jws, holder, nodeCrypto)).toBe(true);
      const sdJwt = token.compact.slice(0, token.compact.lastIndexOf('~') + 1);
      expect(keyBinding.value.claims).toMatchObject({
        aud: 'https://verifier.example.org',
        nonce: '1234567890',
        sdHash: await sdHash(sdJwt, nodeCrypto),
      });
    });

    it.each(vectors.processed_payloads)('$section: the processed payload as printed', async ({ section, payload }) => {
      // The sections print the token as issued too; the payload is of the one presented, the last and shorter one.
      const token = vectors.tokens.findLast((each) => each.section === section);
      const [first, ...rest] = String(token?.compact).split('~');
      const shown = rest.slice(0, -1).map((text) => parse(text));
      const jws = parseJws(String(first), String(token?.header.typ));
      expect(await processDisclosures(jws.payload, shown, nodeCrypto)).toEqual({ ok: true, value: payload });
    });

    it.each(vectors.disclosures.filter(({ hash }) => hash !== null))(
      'line $line: digest',
      async ({ disclosure, hash }) => {
        expect(parseDisclosure(disclosure).ok).toBe(true);
        expect(await disclosureDigest(disclosure, nodeCrypto)).toBe(hash);
      },
    );

    it.each(vectors.json_serialization)(
      '$id: the $form JSON form verifies part by part, and is not read as it is',
      async (token) => {
        expect(parsePresentation(JSON.stringify(token.jws)).ok).toBe(false);
        const signatures = 'signatures' in token.jws ? token.jws.signatures : [token.jws];
        for (const [index, part] of signatures.entries()) {
          const jws = parseJws(`${part.protected}.${token.jws.payload}.${part.signature}`, 'example+sd-jwt');
          const isIssuers = token.checks[index]?.signature_valid_with_issuer_key;
          expect(await isSignedBy(jws, issuer, nodeCrypto)).toBe(isIssuers);
          const shown = (part.header?.disclosures ?? []).map((text) => parse(text));
          expect((await processDisclosures(jws.payload, shown, nodeCrypto)).ok).toBe(true);
        }
      },
    );

    it('is no tier attestation, whatever the example', () => {
      for (const { compact } of vectors.tokens) expect(parsePresentation(compact).ok).toBe(false);
    });
  });
});

function parseJws(text: string, typ: string): ParsedJws {
  const parsed = parseCompactJws(text, { typ });
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.value;
}

function parse(text: string): Disclosure {
  const parsed = parseDisclosure(text);
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.value;
}

async function importKey(jwk: JsonObject): Promise<VerificationKey> {
  const parsed = parsePublicJwk(jwk, 'ES256');
  if (!parsed.ok) throw new Error(parsed.fault);
  return nodeCrypto.importPublicKey('ES256', parsed.value);
}
