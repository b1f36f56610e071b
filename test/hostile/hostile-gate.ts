import { encodePresentationQr } from '#libs/attestation';
import { COUNTY, fixedClock, waitFor } from '#libs/testing';
import { gateWorld, LIST, type Verdict } from '../gate/gate-world.js';
import { buildBundle, type ServedBundle } from './build-bundle.js';
import { buildPlainProof } from './build-plain-proof.js';
import { buildPresentation, type Asked } from './build-presentation.js';
import { buildQr } from './build-qr.js';
import { buildStatusList, REVOKED, REVOKED_IN_HOSTILE_LISTS } from './build-status-list.js';
import { buildHostileWorld, NEIGHBOUR, NOW } from './hostile-world.js';
import type { Edit, Recipe } from './recipe.js';
import { showAgain } from './show-again.js';

const GOOD: Recipe = { name: 'nothing wrong with it', clauses: [], do: [] };

/** A real gate whose federation, county and visitors are all hostile. It is asked over HTTP only. */
export interface HostileGate {
  /** The verdict on a presentation, QR text or card. */
  verdictOn(target: 'presentation' | 'key-binding' | 'card' | 'qr-payload', recipe: Recipe): Promise<string>;
  /** The verdicts on a second showing: on the lane of the first, and on another. */
  afterReplay(recipe: Recipe): Promise<{ readonly verdict: string; readonly elsewhere: string }>;
  /** What the gate goes by once it has met a bundle, and the verdict on a good visit then. */
  afterBundle(
    recipe: Recipe,
  ): Promise<{ readonly lastFault: string | null; readonly seq: number | null; readonly visit: string }>;
  /** Serves list after list. What each came to: who was revoked before, and who in no list but it. */
  afterLists(
    recipes: readonly Recipe[],
    note: (recipe: Recipe, outcome: Promise<unknown>) => Promise<void>,
  ): Promise<void>;
  takesNextList(): Promise<void>;
  takesNextBundle(): Promise<void>;
  /** The verdict on a good visit. */
  visit(): Promise<string>;
  stop(): Promise<void>;
}

export async function hostileGate(): Promise<HostileGate> {
  const hostile = await buildHostileWorld();
  const world = await gateWorld({ alliance: hostile.alliance, clock: fixedClock(NOW) });
  const { upstream } = world;
  upstream.putList(LIST, await buildStatusList([], hostile));
  // The neighbour's list is never there; nothing is asked for outside this machine.
  const origins = { [COUNTY]: upstream.url, [NEIGHBOUR]: `${upstream.url}/nowhere` };
  const gate = await world.start({ origins, pollSeconds: 0.02, statusPollSeconds: 0.02 });
  let turn = 0;
  const party = { adults: 1, children: 0, seniors: 0 };
  const ticket = { site: 'spot-east', offer: 'free-aa', orderRef: 'o', party };
  const opened = await gate.manager.post<{ id: string; clientId: string; nonce: string }>(
    '/v1/verification-sessions',
    ticket,
  );
  const { id, clientId, nonce } = opened.body;
  const session: Asked = { audience: clientId, nonce, offer: 'free-aa' };

  /** Scanned where the QR text can carry it; what it cannot carry, being no canonical base64url, answers the session. */
  async function show(edits: readonly Edit[], way?: Recipe['way']): Promise<string> {
    const qr = way === 'session' ? undefined : encodable(await buildPresentation(edits, hostile));
    if (qr !== undefined) return (await gate.scan(qr)).body.verdict;
    const answer = { vp_token: { tier: [await buildPresentation(edits, hostile, session)] } };
    return (await gate.anyone.post<Verdict>(`/v1/verification-sessions/${id}/response`, answer)).body.verdict;
  }

  const scan = async (text: string, lane: string): Promise<Verdict> =>
    (await gate.scan(encodePresentationQr(text, 'QR.EXAMPLE'), lane)).body;

  async function showCard(edits: readonly Edit[]): Promise<string> {
    const text = await buildPlainProof('card', edits, hostile);
    const presentation = { way: 'card', qr: encodable(text) ?? text, offer: 'free-aa' };
    const atTheDesk = { site: 'spot-east', lane: 'desk', presentation };
    return (await gate.manager.post<Verdict>('/v1/verifications', atTheDesk)).body.verdict;
  }

  /** Waits until a page is asked for anew. */
  async function asked(path: string): Promise<void> {
    const before = upstream.asked.length;
    await waitFor(() => upstream.asked.includes(path, before), { everyMs: 5 });
  }

  /** Serves a bundle as a mirror would: every part under its own address, the head last. */
  function serve({ bundle, head, docsRoot, digests, documents }: ServedBundle): void {
    upstream.put('/v1/bundle', Buffer.from(bundle, 'latin1'));
    upstream.put(`/v1/rounds/${docsRoot}/documents`, JSON.stringify({ digests }));
    for (const [digest, document] of documents) upstream.put(`/v1/documents/${digest}`, document);
    upstream.put('/v1/head', Buffer.from(head, 'latin1'));
  }

  const indexed = (index: number) => show([['set', 'issuer/payload/status/status_list/idx', index]]);

  return {
    verdictOn: async (target, recipe) => {
      if (target === 'qr-payload') return (await gate.scan(await buildQr(recipe.do, hostile))).body.verdict;
      return target === 'card' ? showCard(recipe.do) : show(recipe.do, recipe.way);
    },
    visit: () => show([]),
    afterReplay: async ({ do: edits, then = [] }) => {
      const text = await buildPresentation(edits, hostile);
      const first = await scan(text, 'lane-1');
      if (first.verdict !== 'granted') throw new Error(`the first showing is ${first.verdict}`);
      const again = await showAgain(text, then, hostile);
      const elsewhere = (await scan(again, 'lane-2')).verdict;
      const { repeat, verdict, id: told } = await scan(again, 'lane-1');
      return { verdict: repeat && told === first.id ? 'again' : verdict, elsewhere };
    },
    afterBundle: async (recipe) => {
      turn += 1;
      serve(await buildBundle(recipe.do, hostile, turn));
      // One turn has come to its end when the next one starts.
      await asked('/v1/head');
      await asked('/v1/head');
      const { lastFault, seq } = await gate.trust();
      return { lastFault, seq, visit: await show([]) };
    },
    afterLists: async (recipes, note) => {
      // As above: each list is judged when the one behind it has been asked for.
      let before: Recipe | undefined;
      for (const recipe of [...recipes, GOOD]) {
        const token = buildStatusList(recipe.do, hostile, recipe === GOOD ? 0 : 1);
        upstream.putList(LIST, await token.catch(() => ''));
        await asked(LIST);
        if (before !== undefined) await note(before, token.then(judgeLists));
        before = recipe;
      }
    },
    takesNextList: async () => {
      upstream.putList(LIST, await buildStatusList([], hostile, 1));
      await waitFor(async () => (await indexed(REVOKED_IN_HOSTILE_LISTS)) === 'no_proof');
    },
    takesNextBundle: async () => {
      serve(await buildBundle([], hostile));
      await waitFor(async () => (await gate.trust()).seq === 2);
    },
    stop: () => world.stop(),
  };

  async function judgeLists() {
    return { revokedBefore: await indexed(REVOKED), revokedByIt: await indexed(REVOKED_IN_HOSTILE_LISTS) };
  }
}

function encodable(presentation: string): string | undefined {
  try {
    return encodePresentationQr(presentation, 'QR.EXAMPLE');
  } catch {
    return undefined;
  }
}
