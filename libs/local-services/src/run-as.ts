import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** The user a server runs as when this process is root: PostgreSQL refuses to run as root. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody` on every Linux distribution. */
const NOBODY: RunAs = { uid: 65_534, gid: 65_534 };

/** The user to hand a server to, or undefined when this process is an ordinary user and simply keeps its own. */
export function unprivilegedUser(): RunAs | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/** Whether `user` can enter every folder on the way to, and including, `folder`. */
export async function canEnter(folder: string, user: RunAs): Promise<boolean> {
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    const { mode, uid, gid } = await stat(current);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (current === path.dirname(current)) return true;
  }
}

/** Creates a folder with its parents so that `user` can enter what was created, whatever the umask says. */
export async function makeEnterableFolder(folder: string, user: RunAs | undefined): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined || user === undefined) return;
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    await chmod(current, 0o711);
    if (current === path.resolve(first)) return;
  }
}

/** Creates a private (0700) folder that belongs to `user`. The parent must exist and the folder must not. */
export async function makePrivateFolder(folder: string, user: RunAs | undefined): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  await chmod(folder, 0o700);
  if (user !== undefined) await chown(folder, user.uid, user.gid);
}
