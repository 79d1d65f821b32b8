// deno-lint-ignore-file no-console -- its table is its result
/**
 * Everybody on the same work in one run: `deno task bench [--runs N] [--only NAME,…] [--network …]`.
 *
 * Runs are interleaved, the destination is new before each, medians are printed and the ratio to
 * the best of the others. These machines are noisy: read ratios, not seconds.
 *
 * @module
 */

import { parseArgs } from "../../lib/std/cli.ts";
import { ociPush } from "../../mod.ts";
import { startDockerRegistry } from "../support/docker_registry.ts";
import { pushContent } from "../support/images.ts";
import { createCertificates } from "../support/certificates.ts";
import { byName, createLogin, type Login } from "./login.ts";
import { measure, median, type Run } from "./measure.ts";
import { startSlowNetwork } from "./slow_network.ts";
import { NO_OTHERS, OURS, type Participant, participants } from "./tools.ts";
import { WORK, type Work } from "./work.ts";

type Network = "http" | "tls" | "slow" | "bearer";

/** Which work is done on which network; the rest shows nothing more. */
const MATRIX: Record<Network, string[]> = {
  http: ["big", "small", "multi"],
  tls: ["big"],
  slow: ["small", "multi", "retag", "unchanged", "new tag", "mount", "update", "wide", "many"],
  bearer: ["small"], // the slow network, and a token for everything
};
/** A round trip of the slow network, in milliseconds. */
const LATENCY = 30;
/** Linux keeps this folder in memory: so no disk is measured, where there is room in it. */
const IN_MEMORY = await bytesFree("/dev/shm") > 4 * 1024 ** 3 ? "/dev/shm" : undefined;

interface Row extends Run {
  /** At both registries. */
  requests: number;
  /** Megabytes that the source sent. */
  read: number;
}

const options = parseArgs(Deno.args, { string: ["runs", "only", "network"] });
const runs = Number(options.runs ?? 3);
const only = typeof options.only === "string" ? options.only.split(",") : undefined;
const networks = typeof options.network === "string"
  ? options.network.split(",") as Network[]
  : Object.keys(MATRIX) as Network[];
await using bundle = await bundled();
const everybody = await participants(bundle.program);

for (const network of networks) {
  for (const name of MATRIX[network]) {
    if (only && !only.includes(name)) continue;
    const work = WORK.find((work) => work.name === name)!;
    print(`${name}, ${network}`, await compare(work, network));
  }
}

/** One case: every participant in turn, `runs` times. */
async function compare(work: Work, network: Network): Promise<Map<string, Row[]>> {
  await using certificates = network === "tls" ? await createCertificates() : undefined;
  await using slow = network === "slow" || network === "bearer"
    ? await startSlowNetwork({ latency: LATENCY })
    : undefined;
  await using login = network === "bearer" ? await createLogin(slow!) : undefined;
  const config = {
    ...(certificates && { tls: certificates.server }),
    ...(login && { token: login.token }),
    ...(IN_MEMORY && { parent: IN_MEMORY }),
  };
  await using source = await startDockerRegistry(config);
  const trusted = certificates ? { caCerts: [certificates.ca] } : {};
  for (const [name, content] of await work.source()) {
    const [repository, tag] = name.split(":") as [string, string];
    const client = certificates ? Deno.createHttpClient(trusted) : undefined;
    const headers = await login?.pushing(repository) ?? {};
    await pushContent(source.url, repository, content, { tag, headers, ...(client && { client }) });
    client?.close();
  }
  // The floor knows neither certificates nor tokens.
  const isPlain = network === "http" || network === "slow";
  const able = everybody.filter(({ only }) => !only || isPlain && only.includes(work.name));
  const rows = new Map<string, Row[]>(able.map(({ name }) => [name, []]));
  for (let turn = 0; turn < runs; turn++) {
    for (const participant of able) {
      await using destination = await startDockerRegistry(config);
      for (const [from, to] of work.before) {
        await ociPush(
          { srcRef: `${source.host}/${from}`, destRef: `${destination.host}/${to}` },
          { maxArtifactSize: -1, source: trusted, destination: trusted },
        );
      }
      rows.get(participant.name)!.push(
        await once({ participant, work, source, destination, slow, certificates, login }),
      );
    }
  }
  return rows;
}

/** oci-push as it is released. */
async function bundled(): Promise<AsyncDisposable & { program: string }> {
  const folder = await Deno.makeTempDir({ prefix: "oci-push-bundle-" });
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("../../.ci/bundle.ts", import.meta.url).href, folder],
    stdout: "null",
  }).output();
  if (!success) throw new Error("oci-push could not be bundled");
  return {
    program: `${folder}/oci-push.js`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function bytesFree(folder: string): Promise<number> {
  const { code, stdout } = await new Deno.Command("df", {
    args: ["--output=avail", "-B1", folder],
    stderr: "null",
  }).output();
  return code === 0 ? Number(new TextDecoder().decode(stdout).split("\n")[1]) : 0;
}

interface Once {
  participant: Participant;
  work: Work;
  source: Awaited<ReturnType<typeof startDockerRegistry>>;
  destination: Awaited<ReturnType<typeof startDockerRegistry>>;
  slow: Awaited<ReturnType<typeof startSlowNetwork>> | undefined;
  certificates: Awaited<ReturnType<typeof createCertificates>> | undefined;
  login: Login | undefined;
}

async function once(options: Once): Promise<Row> {
  const { participant, work, source, destination, slow, certificates, login } = options;
  const within = work.to.startsWith("same:");
  const address = async (host: string) => {
    const reached = await slow?.through(host) ?? host;
    return login ? byName(reached) : reached;
  };
  const from = await address(source.host);
  const to = within ? from : await address(destination.host);
  // A retag in one registry is done anew each time: another tag or repository for each run.
  const target = work.to.replace("same:", "") +
    (within ? `-${crypto.randomUUID().slice(0, 8)}` : "");
  const unique = within && work.name === "mount"
    ? `${crypto.randomUUID().slice(0, 8)}/${work.to.replace("same:", "")}`
    : target;
  await login?.keepFor([from, to]);
  const marks = await Promise.all([source, destination].map((registry) => registry.requests()));
  const before = await source.bytesSent();
  const command = participant.command({
    from: `${from}/${work.from}`,
    to: `${to}/${unique}`,
    ...(certificates && { caFile: certificates.caFile }),
  });
  const run = await measure(command, {
    HOME: login?.home ?? "/nonexistent",
    DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
    ...(certificates && { SSL_CERT_FILE: certificates.caFile }),
  });
  const logs = await Promise.all([source, destination].map((registry) => registry.requests()));
  const requests = logs.reduce((sum, log, i) => sum + log.length - marks[i]!.length, 0);
  return { ...run, requests, read: (await source.bytesSent() - before) / 1e6 };
}

function print(title: string, rows: Map<string, Row[]>): void {
  const middle = (name: string, figure: keyof Row) =>
    median(rows.get(name)!.map((row) => row[figure]));
  const others = [...rows.keys()].filter((name) => !NO_OTHERS.includes(name));
  const best = (figure: keyof Row) => Math.min(...others.map((name) => middle(name, figure)));
  const ratio = (figure: keyof Row) => (middle(OURS, figure) / best(figure)).toFixed(2);
  console.log(`\n## ${title} (medians of ${runs})\n`);
  console.log("| | wall s | cpu s | peak MB | requests | MB read |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const name of rows.keys()) {
    const figures = [
      middle(name, "wall").toFixed(3),
      middle(name, "cpu").toFixed(2),
      middle(name, "memory").toFixed(0),
      middle(name, "requests").toFixed(0),
      middle(name, "read").toFixed(1),
    ];
    console.log(`| ${name} | ${figures.join(" | ")} |`);
  }
  console.log(
    `| **ratio to the best other** | ${ratio("wall")} | ${ratio("cpu")} | | ${
      ratio("requests")
    } | |`,
  );
}
