import { waitFor, type ProofPlan, type TestKey } from '#libs/testing';
import { FederationDesk } from '../federation/federation-desk.js';
import { GATE_PLAN, gateWorld, NOW, type GateWorld, type TestGate, type TrustState } from './gate-world.js';

/** What a gate showed while it was watched. */
export interface Watched {
  readonly verdicts: ReadonlySet<string>;
  readonly faults: ReadonlySet<string | null>;
}

/** A gate that fetches from a running federation, whose desk has the keys of everybody. */
export interface FederatedGate {
  readonly desk: FederationDesk;
  readonly world: GateWorld;
  readonly gate: TestGate;
  /** Waits until the gate has the head that the federation serves. */
  synced(): Promise<TrustState>;
  /**
   * Lets people come to the gate for as long as `steps` take, and once more afterwards.
   * @param proof what they hold at the moment
   */
  watch(steps: () => Promise<void>, proof?: () => Partial<ProofPlan>): Promise<Watched>;
  close(): Promise<void>;
}

/** @param onlineKeys of delegations to come: they lie in the federation's key file */
export async function federatedGate(onlineKeys: readonly TestKey[] = []): Promise<FederatedGate> {
  const desk = await FederationDesk.start({
    plan: GATE_PLAN,
    now: NOW,
    config: { foundedAt: '2025-12-01' },
    onlineKeys,
  });
  await desk.found();
  const world = await gateWorld({ alliance: desk.alliance, clock: desk.clock });
  const gate = await world.start({ federationUrl: desk.running.url });
  return {
    desk,
    world,
    gate,
    synced: async () => {
      const { epoch, seq } = await desk.trust();
      return waitFor(async () => {
        const now = await gate.trust();
        return now.epoch === epoch && now.seq === seq && now;
      });
    },
    watch: async (steps, proof = () => ({})) => {
      const [verdicts, faults] = [new Set<string>(), new Set<string | null>()];
      let isOver = false;
      const visits = waitFor(
        async () => {
          const isLast = isOver;
          verdicts.add((await gate.scan(await world.qr(await world.proof(proof())))).body.verdict);
          faults.add((await gate.trust()).lastFault);
          return isLast;
        },
        { everyMs: 50, deadlineMs: 120_000 },
      );
      try {
        await steps();
      } finally {
        isOver = true;
        await visits;
      }
      return { verdicts, faults };
    },
    close: async () => {
      await world.stop();
      await desk.close();
    },
  };
}
