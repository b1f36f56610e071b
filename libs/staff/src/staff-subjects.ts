/** Whom accounts can belong to; for `StaffOptions.subjects`. */
export abstract class StaffSubjects {
  /** The id of the person known by this name outside, or `undefined`. */
  abstract idOf(name: string): Promise<string | undefined>;

  /** The names of ids, by id. */
  abstract namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
