import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** The largest signed time this gate ever took in (design §4.5); a clock below it is `stale`. Kept across restarts, never lowered. */
@Injectable()
export class TimeFloor {
  private floor = 0;

  constructor(private readonly database: DataSource) {}

  /** Unix seconds; 0 before anything was taken in. */
  get value(): number {
    return this.floor;
  }

  async load(): Promise<void> {
    const [row] = await this.database.query<{ floor: string }[]>('SELECT floor FROM time_floor');
    this.rise(Number(row?.floor ?? 0));
  }

  /** Writes a signed time in the transaction that keeps what it was signed in; `rise` follows once that is committed. */
  async keep(manager: EntityManager, signedAt: number): Promise<void> {
    await manager.query(
      `INSERT INTO time_floor AS held (id, floor) VALUES (1, $1)
       ON CONFLICT (id) DO UPDATE SET floor = GREATEST(held.floor, EXCLUDED.floor)`,
      [signedAt],
    );
  }

  rise(signedAt: number): void {
    this.floor = Math.max(this.floor, signedAt);
  }
}
