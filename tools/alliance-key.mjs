// Makes keys and signs documents of the alliance on a machine without a network: for holders of root, officer and statement
// keys. `node tools/alliance-key.mjs` says how. Needs a build (`npm run build`).
import { readFile, writeFile } from 'node:fs/promises';
import { addSignature, docsRoot, parseSignedDocument, readDocumentOf, signDocument } from '#libs/alliance';
import { generatePrivateJwk, nodeCrypto } from '#libs/jose-profile/node';
import { openSigner, publishedKeys, readKeyFile } from '#libs/platform/boot';

const USAGE = `node tools/alliance-key.mjs new PURPOSE KEYFILE            makes a key; prints its public half
node tools/alliance-key.mjs show TYPE FILE                 prints what a document says, and its digest
node tools/alliance-key.mjs sign TYPE KEYFILE FILE DIGEST  adds a signature to FILE, if it is what was shown
  PURPOSE  root, officer, online, attest, status, statement or receipt
  TYPE     anchor, delegation, round, member, partner, scheme, agreement, table or offer
  FILE     the document as JSON, or as signed before, or as the federation answers it`;

const PURPOSES = ['root', 'officer', 'online', 'attest', 'status', 'statement', 'receipt'];

/** Whose signature counts for what (docs/wire.md, "signed by"). */
const SIGNED_WITH = {
  anchor: ['root'],
  delegation: ['root'],
  round: ['officer'],
  member: ['officer'],
  agreement: ['officer'],
  partner: ['statement', 'officer'],
  scheme: ['statement', 'officer'],
  table: ['statement', 'officer'],
  offer: ['statement'],
};

async function makeKey(purpose, file) {
  if (!PURPOSES.includes(purpose)) throw new TypeError(`${purpose} is no purpose of a key`);
  const keys = [{ purpose, alg: 'ES256', jwk: await generatePrivateJwk('ES256') }];
  await writeFile(file, `${JSON.stringify({ sample: false, keys }, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  const [{ kid, alg, kty, crv, x, y }] = await publishedKeys({ sample: false, keys }, purpose);
  return { kid, jwk: { kty, crv, x, y }, alg };
}

async function show(type, file) {
  const { payload, digest, covered } = await readContent(type, file);
  return { payload, digest, ...covered };
}

/** Signs only what has the digest that `show` printed: neither another file nor one that changed since. */
async function sign(type, keyFile, file, shown) {
  const { payload, digest, signed, covered } = await readContent(type, file);
  if (digest !== shown) throw new TypeError(`${file} has the digest ${digest}, not the one given: show it and read it`);
  const signer = await signerFor(type, keyFile);
  const next = await addSignature(signed, type, signer, nodeCrypto);
  await writeFile(file, `${JSON.stringify({ ...next, ...covered }, undefined, 2)}\n`);
  return { signed: payload, by: signer.kid, digest, signature: next.signatures.at(-1) };
}

/** A key file may hold keys of several purposes: exactly one of them may sign this type. */
async function signerFor(type, keyFile) {
  const stored = await readKeyFile(keyFile, { production: true });
  const signing = stored.keys.filter(({ state }) => state === undefined).map(({ purpose }) => purpose);
  const fitting = SIGNED_WITH[type].filter((purpose) => signing.includes(purpose));
  if (fitting.length !== 1)
    throw new TypeError(`${keyFile} needs exactly one key that signs a ${type}: ${SIGNED_WITH[type].join(' or ')}`);
  return openSigner(stored, fitting[0]);
}

/** @returns the document a file holds, whether or not anybody has signed it yet */
async function readContent(type, file) {
  if (!Object.hasOwn(SIGNED_WITH, type)) throw new TypeError(`${type} is no type of document`);
  const content = JSON.parse(await readFile(file, 'utf8'));
  const read = await readDocumentOf(type, await documentIn(type, content), nodeCrypto);
  if (!read.ok) throw new TypeError(`${file} is not a ${type} document: ${read.fault}`);
  return { ...read.value, covered: type === 'round' ? await coveredBy(read.value.payload, content.documents) : {} };
}

async function documentIn(type, content) {
  const { payload, signatures = [] } = content;
  if (typeof payload !== 'string') {
    const { type: _, ...members } = content;
    return signDocument(type, members, [], nodeCrypto);
  }
  // What the federation answers to a draft lists the signers instead of their signatures: it keeps those itself.
  const made = signatures.filter((each) => typeof each === 'string');
  const document = parseSignedDocument({ payload, signatures: made });
  if (!document.ok) throw new TypeError(`not a signed document: ${document.fault}`);
  return document.value;
}

/** The digests that a draft of a round comes with; shown only if they are what its `docs_root` stands for. */
async function coveredBy({ docs_root: root }, documents) {
  if (documents === undefined) return {};
  const isList = Array.isArray(documents) && documents.every((each) => /^[\w-]{43}$/.test(each));
  if (!isList || (await docsRoot(documents, nodeCrypto)) !== root)
    throw new TypeError('the documents listed are not those that docs_root stands for');
  return { documents };
}

const [command, ...rest] = process.argv.slice(2);
const action = { new: makeKey, show, sign }[command];
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
