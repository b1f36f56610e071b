import type { Ask } from '../county/ask.js';
import { granted } from './expectations.js';
import type { Office } from './office.js';

export type Kind = 'person' | 'household' | 'building' | 'group' | 'post' | 'enterprise';

/** Who is recorded at the place of a scheme, and who belongs to whom. */
export class RegistryDesk {
  constructor(
    readonly office: Office,
    readonly scheme: string,
    readonly place: string,
  ) {}

  /** An account of a role, at the scheme's place; in a play of changed documents of the whole county, which is quicker. */
  as(role: string, nth = 1): Ask {
    return this.office.as({ role, nth, ...(this.office.scene.isRecast ? {} : { place: this.place }) });
  }

  /** A place of the play's own inside the scheme's. */
  async placeWithin(level: 'grid' | 'village'): Promise<string> {
    const id = `${this.place}-${this.office.scene.fresh().replaceAll('-', '')}`;
    const place = { id, level, parent: this.place, name: level === 'grid' ? '第一网格' : '示例湾' };
    granted(`a ${level}`, await this.as('manager')('POST', '/v1/admin/places', place));
    return id;
  }

  /** Records invented subjects. */
  async subjects(kind: Kind, count: number, more: object = {}): Promise<readonly string[]> {
    const made = Array.from({ length: count }, () => this.invented(kind, more));
    for (let at = 0; at < count; at += 500)
      granted(
        'recording subjects',
        await this.as('registrar')('POST', '/v1/admin/subjects', { subjects: made.slice(at, at + 500) }),
      );
    return made.map(({ handle }) => handle);
  }

  async subject(kind: Kind, more: object = {}): Promise<string> {
    const [handle = ''] = await this.subjects(kind, 1, more);
    return handle;
  }

  /** As a registrar would write one down. */
  invented(kind: Kind, more: object = {}): { readonly handle: string } & Readonly<Record<string, unknown>> {
    const own = kind === 'person' ? { birthYear: this.office.year - 40, documentLast4: '123X' } : {};
    const { scene } = this.office;
    return { handle: scene.fresh(), kind, place: this.place, name: scene.names(), ...own, ...more };
  }

  async join(members: readonly string[], of: string, from: string, more: object = {}): Promise<void> {
    const memberships = members.map((member) => ({ member, of, from, ...more }));
    granted('joining', await this.as('registrar')('POST', '/v1/admin/memberships', { memberships }));
  }

  /** A household with members of its own from a day on. */
  async household(members: readonly string[], from: string): Promise<string> {
    const home = await this.subject('household', { doorNumber: `${this.office.scene.fresh()}号` });
    await this.join(members, home, from);
    return home;
  }
}
