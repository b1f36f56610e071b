import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.resolve('.');
const MAIN = path.join(ROOT, 'dist/apps/standalone/src/main.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The sample alliance as its own process, as `npm start` runs it; on free ports and in a data folder of its own. */
export class StandaloneProcess {
  private stdout = '';
  private stderr = '';

  private constructor(private readonly child: ChildProcess) {
    child.on('error', (cause) => (this.stderr += String(cause)));
    child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
  }

  static start(dataFolder: string, args: readonly string[], env: Record<string, string> = {}): StandaloneProcess {
    const child = spawn(process.execPath, [MAIN, ...args], {
      // Not the repository, whose .cache may hold a nats-server.
      cwd: path.dirname(dataFolder),
      env: {
        ...process.env,
        XINQIAO_DATA: dataFolder,
        XINQIAO_PORT: '0',
        XINQIAO_CONFIG: path.join(ROOT, 'config'),
        ...env,
        NODE_OPTIONS: '',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new StandaloneProcess(child);
  }

  /** Waits until the output holds this text. */
  async printed(text: string): Promise<string> {
    while (!this.stdout.includes(text)) {
      if (this.child.exitCode !== null)
        throw new Error(`it ended with ${this.child.exitCode}: ${this.stderr}${this.stdout}`);
      await Promise.race([once(this.child.stdout!, 'data'), once(this.child, 'exit')]);
    }
    return this.stdout;
  }

  async finished(): Promise<Finished> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return { code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<Finished> {
    this.child.kill(signal);
    return this.finished();
  }
}

/** A folder for one test, removed with it. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'xinqiao-system-'));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
