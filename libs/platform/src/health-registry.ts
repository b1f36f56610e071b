import { Injectable } from '@nestjs/common';

/** Resolves while the thing it watches works; rejects otherwise. */
export type HealthCheck = () => Promise<unknown>;

/** A check that has not answered by then counts as failed, so that a probe always gets its answer. */
const PATIENCE_MS = 2_000;

/** Where modules say what must work before the service takes requests. */
@Injectable()
export class HealthRegistry {
  private readonly checks = new Map<string, HealthCheck>();

  /** Adds a check under a name that the operator will read. The last one under a name counts. */
  add(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** Runs every check at once and names those that failed or took longer than two seconds. */
  async failing(): Promise<readonly string[]> {
    const outcomes = await Promise.all(
      [...this.checks].map(async ([name, check]) => ((await passes(check)) ? [] : [name])),
    );
    return outcomes.flat();
  }
}

async function passes(check: HealthCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  const outcome = Promise.resolve()
    .then(check)
    .then(
      () => true,
      () => false,
    );
  return Promise.race([outcome, late]).finally(() => clearTimeout(timer));
}
