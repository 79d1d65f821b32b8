import type { Storage } from "./storage.ts";

/** Keeps everything in memory. */
export function createMemoryStorage(): Storage {
  return { kind: "memory" };
}
