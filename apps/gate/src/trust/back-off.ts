import type { VerifiedHead } from '#libs/alliance';

const FIRST_SECONDS = 15;
const MOST_SECONDS = 900;

interface Attempt {
  readonly digest: string;
  readonly iat: number;
  /** Unix seconds. */
  readonly at: number;
  readonly waitSeconds: number;
}

/**
 * Spaces out the attempts at the documents of one head, each of which may cost a whole bundle: 15 seconds after the first that came
 * to nothing, then twice as long each time, at most a quarter of an hour. Another head, dated no earlier, is tried at once: it
 * may suspend something, and a mirror that has old ones at hand cannot play them in turn.
 */
export class BackOff {
  private last: Attempt | undefined;

  /** Whether it is too early for another attempt. A clock that was set back does not prolong the wait. */
  isWaiting(head: VerifiedHead, now: number): boolean {
    const { last } = this;
    return last !== undefined && !isNews(head, last) && now >= last.at && now < last.at + last.waitSeconds;
  }

  /** An attempt begins; until `succeeded` it counts as one that came to nothing. */
  begin(head: VerifiedHead, now: number): void {
    const { last } = this;
    if (last === undefined || isNews(head, last))
      this.last = { digest: head.digest, iat: head.payload.iat, at: now, waitSeconds: FIRST_SECONDS };
    // An older head that is tried when its time has come makes no other one news.
    else this.last = { ...last, at: now, waitSeconds: Math.min(2 * last.waitSeconds, MOST_SECONDS) };
  }

  succeeded(): void {
    this.last = undefined;
  }
}

function isNews({ digest, payload: { iat } }: VerifiedHead, last: Attempt): boolean {
  return digest !== last.digest && iat >= last.iat;
}
