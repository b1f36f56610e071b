// Makes keys and signs documents of the alliance on a machine without a network: for holders of root, officer and statement
// keys. `node tools/alliance-key.mjs` says how. Needs a build (`npm run build`).
import { readFile, writeFile } from 'node:fs/promises';
import { addSignature, parseSignedDocument, readDocumentOf, signDocument } from '#libs/alliance';
import { generatePrivateJwk, nodeCrypto } from '#libs/jose-profile/node';
import { openSigner, publishedKeys, readKeyFile } from '#libs/platform';

const USAGE = `node tools/alliance-key.mjs new PURPOSE KEYFILE       makes a key; prints its public half
node tools/alliance-key.mjs sign TYPE KEYFILE FILE    shows a document and adds the key's signature to FILE
  PURPOSE  root, officer, online, attest, status, statement or receipt
  TYPE     anchor, delegation, round, member, partner, scheme, agreement, table or offer
  FILE     the document as JSON, or as signed before, or as the federation answers it`;

async function makeKey(purpose, file) {
  const keys = [{ purpose, alg: 'ES256', jwk: await generatePrivateJwk('ES256') }];
  await writeFile(file, `${JSON.stringify({ sample: false, keys }, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  const [{ kid, alg, kty, crv, x, y }] = await publishedKeys({ sample: false, keys }, purpose);
  return { kid, jwk: { kty, crv, x, y }, alg };
}

async function sign(type, keyFile, file) {
  const stored = await readKeyFile(keyFile, { production: true });
  const signer = await openSigner(stored, stored.keys[0].purpose);
  const content = JSON.parse(await readFile(file, 'utf8'));
  const signed = await signedWith(type, content, signer);
  const read = await readDocumentOf(type, signed, nodeCrypto);
  if (!read.ok) throw new TypeError(`${file} is not a ${type} document: ${read.fault}`);
  await writeFile(file, `${JSON.stringify(signed, undefined, 2)}\n`);
  return { signed: read.value.payload, by: signer.kid, digest: read.value.digest, signature: signed.signatures.at(-1) };
}

function signedWith(type, content, signer) {
  const { payload, signatures = [] } = content;
  if (typeof payload !== 'string') {
    const { type: _, ...members } = content;
    return signDocument(type, members, [signer], nodeCrypto);
  }
  // What the federation answers to a draft lists the signers instead of their signatures: it keeps those itself.
  const made = signatures.filter((each) => typeof each === 'string');
  const document = parseSignedDocument({ payload, signatures: made });
  if (!document.ok) throw new TypeError(`not a signed document: ${document.fault}`);
  return addSignature(document.value, type, signer, nodeCrypto);
}

const [command, ...rest] = process.argv.slice(2);
const action = { new: makeKey, sign }[command];
if (action === undefined || rest.length !== action.length) {
  console.error(USAGE);
  process.exitCode = 1;
} else {
  try {
    console.log(JSON.stringify(await action(...rest), undefined, 2));
  } catch (error) {
    console.error(error.detail ?? error.message);
    process.exitCode = 1;
  }
}
