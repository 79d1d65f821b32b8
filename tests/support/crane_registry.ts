/**
 * The registry that crane brings: it opens an upload whatever it is asked to mount.
 *
 * @module
 */

import { findTool } from "./tools.ts";

/** A registry that runs; its content ends with it. */
export interface CraneRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  host: string;
  /** `http://127.0.0.1:PORT/`. */
  url: URL;
}

/** Starts it on a port of its choice. */
export async function startCraneRegistry(): Promise<CraneRegistry> {
  const process = new Deno.Command(findTool("crane")!, {
    args: ["registry", "serve", "--address", "127.0.0.1:0"],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const words = process.stderr.pipeThrough(new TextDecoderStream());
  let said = "";
  for await (const text of words.values({ preventCancel: true })) {
    said += text;
    if (/serving on port \d+\n/.test(said)) break;
  }
  const host = `127.0.0.1:${/serving on port (\d+)/.exec(said)?.[1]}`;
  const drained = words.pipeTo(new WritableStream()).catch(() => {});
  return {
    host,
    url: new URL(`http://${host}/`),
    async [Symbol.asyncDispose]() {
      process.kill();
      await process.status;
      await drained;
    },
  };
}
