import type { Storage } from "./storage.ts";

/** Keeps everything in a folder. */
export function createFolderStorage(dir: string): Storage {
  return { kind: dir };
}
