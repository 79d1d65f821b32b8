/**
 * A network with a delay, by toxiproxy.
 *
 * @module
 */

import { findTool } from "../support/tools.ts";

/** Proxies that delay every packet by half a round trip each way. */
export interface SlowNetwork extends AsyncDisposable {
  /** The address to use instead of one on this machine. */
  through(host: string): Promise<string>;
}

/** Starts toxiproxy; a round trip through it takes `latency` milliseconds longer. */
export async function startSlowNetwork({ latency }: { latency: number }): Promise<SlowNetwork> {
  const program = await findTool("toxiproxy-server");
  if (!program) throw new Error("toxiproxy is not installed (run .ci/install --bench)");
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const process = new Deno.Command(program, {
    args: ["-host", "127.0.0.1", "-port", String(port)],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const api = `http://127.0.0.1:${port}`;
  for (let tries = 0;; tries++) {
    try {
      await (await fetch(`${api}/version`)).body?.cancel();
      break;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  const post = async (path: string, body: object) => {
    const response = await fetch(`${api}${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
    return await response.json();
  };
  const listens = new Map<string, string>();
  return {
    async through(upstream) {
      const known = listens.get(upstream);
      if (known) return known;
      const name = upstream.replaceAll(/\W/g, "-");
      const { listen } = await post("/proxies", { name, upstream, listen: "127.0.0.1:0" });
      for (const stream of ["upstream", "downstream"]) {
        await post(`/proxies/${name}/toxics`, {
          name: stream,
          type: "latency",
          stream,
          attributes: { latency: latency / 2 },
        });
      }
      listens.set(upstream, listen);
      return listen;
    },
    async [Symbol.asyncDispose]() {
      process.kill();
      await process.status;
    },
  };
}
