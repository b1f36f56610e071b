import type { ListSource } from './read-status-list.js';

const MOST_AT_ONCE = 16;
/** Of one member, and from one origin, whoever's lists it serves: one that does not answer leaves the others most of the room. */
const MOST_OF_ONE = 4;

/** How much may be fetched beside what is under way; counted once, then kept up with what is started. */
export class FetchRoom {
  private total = 0;
  private readonly ofMember = new Map<string, number>();
  private readonly fromOrigin = new Map<string, number>();

  constructor(underWay: Iterable<ListSource>) {
    for (const source of underWay) this.take(source);
  }

  /** @param isHinted one that a hint came for starts over the limit of the whole */
  hasRoomFor({ member, origin }: ListSource, isHinted: boolean): boolean {
    if (!isHinted && this.total >= MOST_AT_ONCE) return false;
    return (this.ofMember.get(member) ?? 0) < MOST_OF_ONE && (this.fromOrigin.get(origin) ?? 0) < MOST_OF_ONE;
  }

  take({ member, origin }: ListSource): void {
    this.total += 1;
    this.ofMember.set(member, (this.ofMember.get(member) ?? 0) + 1);
    this.fromOrigin.set(origin, (this.fromOrigin.get(origin) ?? 0) + 1);
  }
}
