/**
 * Runs a task again and again, never twice at once. The task handles its own failures; one that rejects all the same is
 * reported and tried again at the next turn.
 */
export class Repeater {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isWanted = false;
  private isStopped = false;

  constructor(
    private readonly task: () => Promise<void>,
    private readonly everyMs: number,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** Runs the task now, and from then on `everyMs` after the end of each run. */
  start(): void {
    this.wake();
  }

  /** Runs the task now, or once more as soon as the running one has ended. */
  wake(): void {
    if (this.isStopped) return;
    if (this.running !== undefined) {
      this.isWanted = true;
      return;
    }
    clearTimeout(this.timer);
    this.running = this.run();
  }

  /** Stops for good, after the run under way. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      await this.task();
    } catch (error) {
      this.onFault(error);
    }
    this.running = undefined;
    if (this.isStopped) return;
    const delayMs = this.isWanted ? 0 : this.everyMs;
    this.isWanted = false;
    this.timer = setTimeout(() => this.wake(), delayMs);
  }
}
