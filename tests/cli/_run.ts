/**
 * The command line in this process: two embedded registries, streams that only remember.
 *
 * @module
 */

import { main } from "../../lib/cli/main.ts";
import { serveRegistry } from "../../lib/serve/serve.ts";
import { type Content, createImageIndex, pushContent } from "../support/images.ts";
import { fakeIo, type FakeIoOptions } from "./_io.ts";

/** What a command line came to. */
export interface RunResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command line. */
export async function run(args: string[], world: FakeIoOptions = {}): Promise<RunResult> {
  const io = fakeIo(world);
  const code = await main(args, io);
  return { code, stdout: io.stdout(), stderr: io.stderr() };
}

/** What a test of a copy has at hand. */
export interface Laboratory {
  /** An image for two platforms, in the first registry. */
  from: string;
  /** A free tag in the second registry. */
  to: string;
  /** What the image is made of. */
  content: Content;
  /** An empty folder. */
  folder: string;
}

/** Runs a test with two registries and a folder of its own. */
export async function withRegistries(
  test: (laboratory: Laboratory) => Promise<void>,
): Promise<void> {
  await using source = await serveRegistry();
  await using destination = await serveRegistry();
  const content = await createImageIndex();
  await pushContent(source.url, "app", content, { tag: "v1-rc.1" });
  const folder = await Deno.makeTempDir();
  try {
    const from = `${source.host}/app:v1-rc.1`;
    await test({ from, to: `${destination.host}/app:v1`, content, folder });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
