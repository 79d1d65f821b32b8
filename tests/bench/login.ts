/**
 * Bearer authentication over the slow network, and a login that every tool finds.
 *
 * @module
 */

import { basic } from "../support/images.ts";
import { startTokenServer, type TokenServer } from "../support/token_server.ts";
import type { SlowNetwork } from "./slow_network.ts";

const USER = "bench";
const PASSWORD = "b-secret";

/** Who everybody is. */
export interface Login extends AsyncDisposable {
  /** For a registry's configuration. */
  token: TokenServer["token"];
  /** The folder whose `.docker/config.json` everybody reads. */
  home: string;
  /** Keeps the login for hosts. */
  keepFor(hosts: string[]): Promise<void>;
  /** Headers that let the caller push, asked for without the delay. */
  pushing(repository: string): Promise<Record<string, string>>;
}

/** Starts a token server that is reached through the slow network. */
export async function createLogin(slow: SlowNetwork): Promise<Login> {
  const server = await startTokenServer({ [USER]: PASSWORD });
  const { realm } = server.token;
  const home = await Deno.makeTempDir();
  await Deno.mkdir(`${home}/.docker`);
  const { host } = new URL(realm);
  return {
    token: { ...server.token, realm: realm.replace(host, byName(await slow.through(host))) },
    home,
    async keepFor(hosts) {
      const auth = basic(USER, PASSWORD).replace("Basic ", "");
      const auths = Object.fromEntries(hosts.map((host) => [host, { auth }]));
      await Deno.writeTextFile(`${home}/.docker/config.json`, JSON.stringify({ auths }));
    },
    async pushing(repository) {
      const url = `${realm}?service=registry&scope=repository:${repository}:pull,push`;
      const answer = await fetch(url, { headers: { authorization: basic(USER, PASSWORD) } });
      return { authorization: `Bearer ${(await answer.json()).token}` };
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await Deno.remove(home, { recursive: true });
    },
  };
}

/**
 * An address of this machine by its name: crane takes no realm at an address of a private network,
 * and oras only at the same name as the registry.
 */
export function byName(host: string): string {
  return host.replace("127.0.0.1", "localhost");
}
