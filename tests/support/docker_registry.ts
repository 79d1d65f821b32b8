/**
 * Real registries: Debian's docker-registry 2.8 and distribution v3.
 *
 * @module
 */

import { stringifyYaml } from "../../lib/std/yaml.ts";
import { findTool } from "./tools.ts";

/** Options of {@linkcode startDockerRegistry}. */
export interface DockerRegistryOptions {
  /** Which one; both store alike. @default {"2.8"} */
  version?: "2.8" | "3";
  /** The text of an htpasswd file (bcrypt): Basic authentication. */
  htpasswd?: string;
  /** A token server: Bearer authentication. */
  token?: { realm: string; service: string; issuer: string; rootcertbundle: string };
  /** Paths of a certificate and its key. */
  tls?: { certificate: string; key: string; clientcas?: string[] };
  /** More of the configuration file. */
  config?: Record<string, unknown>;
  /** More of its environment, such as `REGISTRY_LOG_LEVEL`. */
  env?: Record<string, string>;
  /** The folder in which its own is made; `/dev/shm` keeps it in memory. @default the system's */
  parent?: string;
}

/** A registry that runs. */
export interface DockerRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  host: string;
  /** `http://127.0.0.1:PORT/`, or https. */
  url: URL;
  /** The requests of its access log, as `METHOD PATH?QUERY STATUS`. */
  requests(): Promise<string[]>;
  /** The bytes of all bodies that it has sent, by its access log. */
  bytesSent(): Promise<number>;
  /** The folder with its storage. */
  storage: string;
  /** Kills it, its storage stays; more than once is fine. */
  stop(): Promise<void>;
}

/** Starts a registry on a free port, with storage of its own; disposing ends and removes both. */
export async function startDockerRegistry(
  options: DockerRegistryOptions = {},
): Promise<DockerRegistry> {
  const { version = "2.8", htpasswd, token, tls, config = {}, env = {}, parent } = options;
  const program = findTool(version === "3" ? "registry" : "docker-registry");
  if (!program) throw new Error(`distribution ${version} is not installed (run .ci/install)`);
  const folder = await Deno.makeTempDir({
    prefix: "oci-push-registry-",
    ...(parent !== undefined && { dir: parent }),
  });
  const storage = `${folder}/storage`;
  if (htpasswd !== undefined) await Deno.writeTextFile(`${folder}/htpasswd`, htpasswd);
  for (let attempt = 1;; attempt++) {
    const port = freePort();
    const host = `127.0.0.1:${port}`;
    await Deno.writeTextFile(
      `${folder}/config.yml`,
      stringifyYaml({
        version: 0.1,
        log: { level: "error", accesslog: { disabled: false } },
        storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
        http: { addr: host, ...(tls && { tls }) },
        ...(htpasswd !== undefined && {
          auth: { htpasswd: { realm: "test", path: `${folder}/htpasswd` } },
        }),
        ...(token && { auth: { token } }),
        ...config,
      }),
    );
    const log = `${folder}/log`;
    const file = await Deno.create(log);
    const process = new Deno.Command("sh", {
      // The registry writes its access log to stdout, its own words to stderr.
      args: [
        "-c",
        'exec "$0" serve "$1" >"$2" 2>"$2.errors"',
        program,
        `${folder}/config.yml`,
        log,
      ],
      env: { OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none", ...env },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    file.close();
    let ended = false;
    const end = process.status.then(() => void (ended = true));
    const stop = async () => {
      if (!ended) process.kill("SIGKILL");
      await end;
    };
    if (await answers(port, () => ended)) {
      return {
        host,
        url: new URL(`${tls ? "https" : "http"}://${host}/`),
        storage,
        stop,
        async requests() {
          return parseAccessLog(await Deno.readTextFile(log));
        },
        async bytesSent() {
          const lines = (await Deno.readTextFile(log)).matchAll(/ HTTP\/[\d.]+" \d+ (\d+)/g);
          return [...lines].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
        },
        async [Symbol.asyncDispose]() {
          await stop();
          await Deno.remove(folder, { recursive: true });
        },
      };
    }
    await stop();
    if (attempt < 3) continue;
    const words = await Deno.readTextFile(`${log}.errors`);
    await Deno.remove(folder, { recursive: true });
    throw new Error(`the registry does not start: ${words}`);
  }
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

/** Whether the port is served before the process ends: another test may have taken it first. */
async function answers(port: number, ended: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 400 && !ended(); tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  return false;
}

function parseAccessLog(text: string): string[] {
  return [...text.matchAll(/"([A-Z]+) (\S+) HTTP\/[\d.]+" (\d+)/g)]
    .map(([, method, path, status]) => `${method} ${path} ${status}`);
}
