/**
 * What the answers so far say about blobs that were not asked for yet.
 *
 * @module
 */

import type { BlobTask } from "./task.ts";

/** After that many blobs of which none was there, the next is expected not to be there either. */
const ENOUGH = 4;

/**
 * Learns from blobs, to save requests and round trips for those that follow.
 *
 * Opening an upload as a mount from the destination's own repository asks and opens in one; some
 * registries never answer it with a mount. As long as that is not known, large blobs are asked for
 * by HEAD; once a mount was seen, they need not be.
 */
export class Experience {
  #missing = 0;
  #found = 0;
  #answersMounts = false;
  readonly #repository: string;

  /**
   * Starts without any.
   *
   * @param repository The destination's repository.
   */
  constructor(repository: string) {
    this.#repository = repository;
  }

  /** A blob turned out to be missing. */
  missing(): void {
    this.#missing++;
  }

  /**
   * A blob turned out to be there.
   *
   * @param task The blob, with the question that was asked.
   */
  found(task: BlobTask): void {
    this.#found++;
    if (task.from === this.#repository) this.#answersMounts = true;
  }

  /**
   * How a blob is best begun.
   *
   * @param task The blob as planned.
   * @returns The blob as it should be tried now.
   */
  advise(task: BlobTask): BlobTask {
    const eager = task.eager === true || this.#found === 0 && this.#missing >= ENOUGH;
    if (!task.check || !this.#answersMounts) return { ...task, eager };
    const { check: _, ...unchecked } = task;
    return { ...unchecked, from: this.#repository, eager };
  }
}
