interface Waiting<Task, Answer> {
  readonly task: Task;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (fault: unknown) => void;
}

/** What one task comes to: its answer, or what it throws. */
export type Outcome<Answer> = () => Answer;

/** As many as one statement carries without making the first of them wait for the last. */
const AT_ONCE = 200;

/** While one batch waits for the disk, another is read and checked. */
const LANES = 2;

/**
 * Does at once what comes in while the same is being done for others: many callers share the round trips and the commit of one
 * statement. Alone, a task waits for nobody.
 */
export class Gatherer<Task, Answer> {
  private readonly queue: Waiting<Task, Answer>[] = [];
  private running = 0;

  /** @param work answers every task, in their order; where it throws, none of them was done */
  constructor(private readonly work: (tasks: readonly Task[]) => Promise<readonly Outcome<Answer>[]>) {}

  add(task: Task): Promise<Answer> {
    const answer = new Promise<Answer>((resolve, reject) => {
      this.queue.push({ task, resolve, reject });
    });
    if (this.running < LANES) void this.run();
    return answer;
  }

  private async run(): Promise<void> {
    this.running += 1;
    // What comes in at the same time goes together.
    await Promise.resolve();
    while (this.queue.length > 0) await this.doAll(this.queue.splice(0, AT_ONCE));
    this.running -= 1;
  }

  private async doAll(batch: readonly Waiting<Task, Answer>[]): Promise<void> {
    try {
      const outcomes = await this.work(batch.map(({ task }) => task));
      for (const [at, { resolve, reject }] of batch.entries()) {
        try {
          const outcome = outcomes[at];
          if (outcome === undefined) throw new RangeError('a task was left out');
          resolve(outcome());
        } catch (fault) {
          reject(fault);
        }
      }
    } catch (fault) {
      for (const { reject } of batch) reject(fault);
    }
  }
}
