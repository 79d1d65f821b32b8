/**
 * `oci-push serve`: the embedded registry.
 *
 * @module
 */

import { cleanText } from "../oci/text.ts";
import type { RequestEvent } from "../serve/handler.ts";
import { type ServeOptions, serveRegistry } from "../serve/serve.ts";
import type { Command, Context } from "./command.ts";
import { EXIT } from "./exit_code.ts";
import type { Flags } from "./flag.ts";
import { readCount, readText } from "./readers.ts";
import { usageError } from "./usage_error.ts";

const FLAGS = {
  port: {
    kind: "value",
    placeholder: "N",
    read: readCount(0, 65535),
    about: "where to listen; 0: any that is free (5000)",
  },
  hostname: {
    kind: "value",
    placeholder: "ADDRESS",
    read: readText,
    about: "on which address (127.0.0.1)",
  },
  dir: {
    kind: "value",
    placeholder: "DIR",
    read: readText,
    about: "where content is kept; else in memory",
  },
  quiet: { kind: "switch", short: "q", about: "no line per request" },
} as const satisfies Flags;

/** The command. */
export const command: Command<typeof FLAGS> = {
  usage: "serve [FLAGS]",
  summary: "Serves a registry for tests and laboratories; prints its address, ^C stops it.",
  examples: ["serve", "serve --port 5001 --dir ./registry", "serve --port 0 --quiet"],
  groups: [{ title: "Flags", flags: FLAGS }],
  page: "embedded-registry.md",
  read({ names, values }) {
    if (names[0] !== undefined) {
      throw usageError(`cannot serve "${names[0]}": it takes no names`, "--dir DIR names a folder");
    }
    const { port = 5000, hostname = "127.0.0.1", dir, quiet } = values;
    return (context) =>
      serve({ port, hostname, ...(dir !== undefined && { dir }) }, { ...context, quiet });
  },
};

async function serve(
  options: ServeOptions,
  { io, signal, quiet }: Context & { quiet: boolean },
): Promise<number> {
  await using registry = await serveRegistry({
    ...options,
    signal,
    ...(!quiet && { onRequest: (event) => io.err(`${requestLine(event)}\n`) }),
  });
  // The address is what a script waits for, so it is the result.
  io.out(`${registry.url.href}\n`);
  const where = options.dir === undefined ? "in memory" : `in ${options.dir}`;
  io.err(`serving ${registry.host}, ${where}; ^C stops it\n`);
  await registry.finished;
  // To be stopped is what a registry waits for: nothing was interrupted.
  io.err("stopped\n");
  return EXIT.done;
}

function requestLine({ method, url, status, ms, error }: RequestEvent): string {
  const { pathname, search } = new URL(url);
  const failure = error instanceof Error ? `  ${cleanText(error.message)}` : "";
  return `${method} ${cleanText(pathname + search)} ${status} ${Math.round(ms)} ms${failure}`;
}
