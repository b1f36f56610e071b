import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { GatewayError, type MainProcess, runMain } from './index.js';

class TestProcess extends EventEmitter implements MainProcess {
  readonly exits: number[] = [];
  printed = '';
  readonly stderr = {
    write: (text: string): void => {
      this.printed += text;
    },
  };

  exit(code: number): void {
    this.exits.push(code);
    this.emit('exited');
  }
}

const exited = (host: TestProcess): Promise<void> => new Promise((resolve) => host.once('exited', resolve));

describe('the life of a service process', () => {
  it('ends with 0 on a signal, closing once however often it is sent', async () => {
    const host = new TestProcess();
    let closed = 0;
    await runMain('gate', () => Promise.resolve({ close: () => Promise.resolve(void (closed += 1)) }), host);
    expect(host.exits).toEqual([]);
    const end = exited(host);
    host.emit('SIGINT');
    host.emit('SIGINT');
    host.emit('SIGTERM');
    await end;
    expect([closed, host.exits]).toEqual([1, [0]]);
  });

  it('closes after the boot when the signal came during it', async () => {
    const host = new TestProcess();
    const boot = new EventEmitter();
    let isClosed = false;
    const close = (): Promise<void> => Promise.resolve(void (isClosed = true));
    const end = exited(host);
    const main = runMain('gate', () => once(boot, 'done').then(() => ({ close })), host);
    host.emit('SIGTERM');
    boot.emit('done');
    await Promise.all([main, end]);
    expect([isClosed, host.exits]).toEqual([true, [0]]);
  });

  it('ends with 1 and one line, code first, when the boot fails with a code', async () => {
    const host = new TestProcess();
    await runMain('gate', () => Promise.reject(new GatewayError('PORT_IN_USE', { detail: '127.0.0.1:80' })), host);
    expect([host.printed, host.exits]).toEqual(['PORT_IN_USE: The port is in use: 127.0.0.1:80\n', [1]]);
  });

  it('understands the same codes on errors of other libraries', async () => {
    const host = new TestProcess();
    const error = Object.assign(new Error('the folder data is damaged'), { code: 'DATA_FOLDER_DAMAGED' });
    await runMain('gate', () => Promise.reject(error), host);
    expect([host.printed, host.exits]).toEqual(['DATA_FOLDER_DAMAGED: the folder data is damaged\n', [1]]);
  });

  it('ends with 1 when the boot fails for an unknown reason or closing fails', async () => {
    const unknown = new TestProcess();
    await runMain('gate', () => Promise.reject(new Error('unheard of')), unknown);
    expect(unknown.printed).toMatch(/^INTERNAL: gate failed: Error: unheard of/);
    const failing = new TestProcess();
    await runMain('gate', () => Promise.resolve({ close: () => Promise.reject(new Error('stuck')) }), failing);
    const end = exited(failing);
    failing.emit('SIGTERM');
    await end;
    expect([unknown.exits, failing.exits]).toEqual([[1], [1]]);
  });
});
