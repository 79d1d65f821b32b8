/**
 * `oci-push serve`: the embedded registry.
 *
 * @module
 */

import { serveRegistry } from "../serve/serve.ts";
import { type Command, type Context, type ParsedWords, valueOf } from "./command.ts";
import { parseCount } from "./units.ts";

/** The command. */
export const command: Command = {
  usage: "serve [options]",
  summary: "Serves a registry for tests and laboratories, in memory or from a folder.",
  examples: ["serve --port 5000", "serve --port 5000 --dir ./registry"],
  groups: [{
    title: "Options",
    options: [
      { name: "port", value: "N", help: "where to listen; 0 takes any that is free (5000)" },
      { name: "hostname", value: "ADDRESS", help: "on which address (127.0.0.1)" },
      { name: "dir", value: "DIR", help: "keep content there; in memory unless given" },
      { name: "quiet", short: "q", help: "no line per request" },
    ],
  }],
  page: "embedded-registry.md",
  run,
};

async function run(words: ParsedWords, { io, signal }: Context): Promise<number> {
  const dir = valueOf(words, "dir");
  const hostname = valueOf(words, "hostname") ?? "127.0.0.1";
  const port = parseCount(valueOf(words, "port") ?? "5000", { name: "--port", least: 0 });
  const log = ({ method, url, status, ms }: Request) =>
    io.err(`${method} ${url} ${status} ${Math.round(ms)} ms\n`);
  await using registry = await serveRegistry({
    port,
    hostname,
    ...(dir !== undefined && { dir }),
    ...(!words.flags.quiet && { onRequest: log }),
    signal,
  });
  // The address is what a script waits for, so it is the result.
  io.out(`${registry.url.href}\n`);
  io.err(
    `serving ${registry.host} ${dir === undefined ? "from memory" : `from ${dir}`}; ^C stops\n`,
  );
  await registry.finished;
  return 0;
}

interface Request {
  method: string;
  url: string | URL;
  status: number;
  ms: number;
}
