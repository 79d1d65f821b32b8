/**
 * What the answers so far say about blobs that were not asked for yet.
 *
 * @module
 */

import type { RunnerHooks } from "./engine.ts";
import type { BlobTask } from "./task.ts";

/** After that many blobs of which none was there, the next is expected not to be there either. */
const ENOUGH = 4;

/**
 * Learns from blobs, to save requests and round trips for those that follow.
 *
 * Opening an upload as a mount from the destination's own repository asks and opens in one; some
 * registries (crane's, for one) never answer it with a mount. So the first blob that an update may
 * not have to send is asked for in both ways, and where the registry turns out to be of that kind,
 * all others are asked for by HEAD. Large blobs are, until a mount was seen.
 */
export class Experience {
  #missing = 0;
  #found = 0;
  #answersMounts = false;
  /** What the probe finds out, once there is one: whether an upload that opens tells anything. */
  #opening: PromiseWithResolvers<boolean> | undefined;
  #openingTells = true;
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
    if (task.from === this.#repository && this.#openingTells) this.#answersMounts = true;
  }

  /** For those who move blobs: one of them probes, the others wait for what it finds out. */
  readonly hooks: Pick<RunnerHooks, "openingTells" | "onProbed"> = {
    openingTells: () => this.#opening?.promise ?? Promise.resolve(this.#openingTells),
    onProbed: (tells) => {
      this.#openingTells &&= tells;
      this.#opening?.resolve(this.#openingTells);
    },
  };

  /**
   * How a blob is best begun.
   *
   * @param task The blob as planned.
   * @returns The blob as it should be tried now.
   */
  advise(task: BlobTask): BlobTask {
    const eager = task.eager === true || this.#found === 0 && this.#missing >= ENOUGH;
    const { check, ...rest } = { ...task, eager };
    if (check) {
      return this.#answersMounts ? { ...rest, from: this.#repository } : { ...rest, check };
    }
    // Nothing is to be learned where the opening is no question, or its answer is known.
    if (task.eager || task.from !== this.#repository || this.#answersMounts) return rest;
    if (!this.#openingTells) return { ...rest, check: true };
    if (this.#opening) return rest;
    this.#opening = Promise.withResolvers();
    return { ...rest, probe: true };
  }
}
