import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { StaffSubjects } from '#libs/staff';
import { subjectsByHandle } from './find-subjects.js';

/** Residents whose accounts staff accounts are, by their handles. */
@Injectable()
export class AccountOwners extends StaffSubjects {
  constructor(private readonly database: DataSource) {
    super();
  }

  async idOf(handle: string): Promise<string | undefined> {
    const found = (await subjectsByHandle(this.database.manager, [handle])).get(handle);
    return found?.kind === 'person' && found.endedOn === null ? found.id : undefined;
  }

  async namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.query<readonly { readonly id: string; readonly handle: string }[]>(
      'SELECT owner.id, subject.handle FROM unnest($1::uuid[]) AS owner (id) JOIN subject ON subject.id = survivor_of(owner.id)',
      [ids],
    );
    return new Map(rows.map(({ id, handle }) => [id, handle]));
  }
}
