/**
 * Both ends of a blob's journey.
 *
 * @module
 */

import type { Repository } from "../registry/repository.ts";

/** The two ends of a journey. */
export interface Sides {
  /** Where the blob is. */
  source: Repository;
  /** Where it goes. */
  destination: Repository;
}
