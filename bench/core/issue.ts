import { issueTierAttestation, tierVct } from '#libs/attestation';
import { weeklyEpoch } from '#libs/calendar';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from '#libs/jose-profile/node';
import { rateRatio } from '../measure.js';

/** One attestation (salts, decoys, index; the holder's key already checked) as rate against one bare ES256 signature. */
export async function issueFloor(): Promise<number> {
  const county = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  const holder = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  const claims = {
    iss: 'https://rongcheng.example',
    ...weeklyEpoch(1_795_400_000),
    vct: tierVct('https://alliance.example'),
    cnf: holder.publicJwk,
    partner: 'rugao-spot',
    scheme: { id: 'cn-371082-haibei', fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' },
    positiveGrades: ['AAA', 'AA', 'A'],
    heldGrades: ['AA', 'A'],
    person: { name: '王*', idLast4: '001X' },
  };
  let idx = 0;
  const issueOne = (): Promise<string> => {
    const status = { idx: (idx += 1) % 131_072, uri: 'https://rongcheng.example/s/1' };
    return issueTierAttestation({ ...claims, status }, county, nodeCrypto);
  };
  const input = 'x'.repeat(900);
  const bare = (): Promise<Uint8Array> => nodeCrypto.sign(county.key, input);
  return rateRatio(issueOne, bare);
}
