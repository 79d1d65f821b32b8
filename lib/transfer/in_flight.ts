/**
 * How many blobs may be on their way at the same time.
 *
 * @module
 */

/**
 * How many larger blobs are enough, as shares of the most. Measured over 30 ms with layers of 1 and
 * 4 MiB: 16 and 12 are as fast as 32, and every one costs about a megabyte of buffers in the runtime.
 */
const ENOUGH = [{ from: 2 * 1024 ** 2, share: 3 / 8 }, { from: 512 * 1024, share: 1 / 2 }];
/** So few large blobs cost little, and who asks for fewer in all means them. */
const ALWAYS = 12;

/**
 * A limit that gives way to a registry that is busy, and comes back slowly.
 *
 * Halved for a 429 or 503, once per round of answers; one more after as many blobs as the limit
 * went well: the additive increase and multiplicative decrease of TCP.
 */
export class InFlight {
  #limit: number;
  #well = 0;
  #lastCut = -Infinity;
  readonly #most: number;
  readonly #now: () => number;

  /**
   * Starts at the most.
   *
   * @param most The limit while nobody complains, at least 1.
   * @param now Milliseconds, for telling one round of complaints from the next.
   */
  constructor(most: number, now: () => number = () => performance.now()) {
    this.#most = most;
    this.#limit = most;
    this.#now = now;
  }

  /** The limit now. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /**
   * The limit for beginning one more blob of a size.
   *
   * @param size Bytes.
   * @returns How many may be on their way with it.
   */
  limitFor(size: number): number {
    const share = ENOUGH.find(({ from }) => size >= from)?.share ?? 1;
    return Math.min(this.limit, Math.max(ALWAYS, Math.ceil(this.#most * share)));
  }

  /** A registry is busy: it said 429 or 503. */
  busy(): void {
    const now = this.#now();
    if (now - this.#lastCut < 1000) return;
    this.#lastCut = now;
    this.#well = 0;
    this.#limit = Math.max(1, this.#limit / 2);
  }

  /** A blob went well. */
  well(): void {
    if (this.#limit >= this.#most || ++this.#well < this.#limit) return;
    this.#well = 0;
    this.#limit = Math.min(this.#most, this.#limit + 1);
  }
}
