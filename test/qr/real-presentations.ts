import { encodePresentationQr, issueTierAttestation, signKeyBinding } from '#libs/attestation';
import { encodeBase64url, type SuiteName } from '#libs/jose-profile';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from '#libs/jose-profile/node';

/** What decides how long the text is. */
export interface Names {
  /** Host of the county's entity id, and of its status list. */
  readonly county: string;
  readonly federation: string;
  readonly partner: string;
  readonly site: string;
  readonly offer: string;
  readonly scheme: string;
  /** Host of the link. */
  readonly link: string;
  readonly positiveGrades: readonly string[];
  readonly suite: SuiteName;
  readonly fingerprintBytes: number;
  /** The masked name, where the offer asks for a document. */
  readonly person: string | undefined;
}

export const SAMPLE_NAMES: Names = {
  county: 'rongcheng.example',
  federation: 'alliance.example',
  partner: 'rugao-spot',
  site: 'rugao-spot-east',
  offer: 'rugao-free-aa',
  scheme: 'cn-371082-credit',
  link: 'XINQIAO.EXAMPLE',
  positiveGrades: ['AAA', 'AA', 'A'],
  suite: 'ES256',
  fingerprintBytes: 16,
  person: undefined,
};

/** The QR text of a presentation with fresh keys, as county and wallet make it. */
export async function drawRealCode(names: Names): Promise<string> {
  const county = await nodeSigner(names.suite, await generatePrivateJwk(names.suite));
  const holder = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  const iss = `https://${names.county}`;
  const token = await issueTierAttestation(
    {
      iss,
      iat: 1_795_363_200,
      exp: 1_796_572_800,
      vct: `https://${names.federation}/vct/tier/1`,
      cnf: holder.publicJwk,
      partner: names.partner,
      status: { idx: nodeCrypto.randomBytes(2).reduce((high, low) => 256 * high + low, 0), uri: `${iss}/s/1` },
      scheme: { id: names.scheme, fingerprint: encodeBase64url(nodeCrypto.randomBytes(names.fingerprintBytes)) },
      positiveGrades: names.positiveGrades,
      heldGrades: names.positiveGrades,
      person: { name: names.person ?? '王*明', idLast4: '123X' },
    },
    county,
    nodeCrypto,
  );
  const [jws, threshold, ...others] = token.split('~').slice(0, -1);
  const shown = [jws, threshold, ...(names.person === undefined ? [] : others.slice(-1)), ''].join('~');
  const nonce = encodeBase64url(nodeCrypto.randomBytes(16));
  const claims = { iat: 1_795_400_000, aud: names.site, offer: names.offer, nonce };
  return encodePresentationQr(shown + (await signKeyBinding(shown, claims, holder.key, nodeCrypto)), names.link);
}
