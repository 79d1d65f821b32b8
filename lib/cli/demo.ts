/**
 * `oci-push demo`: the main job, on two embedded registries.
 *
 * @module
 */

import { type CopyResult, ociPush, planCopy } from "../copy.ts";
import type { CopyOptions } from "../copy_request.ts";
import { shortDigest } from "../oci/digest.ts";
import { connect } from "../registry/connect.ts";
import { type EmbeddedRegistry, serveRegistry } from "../serve/serve.ts";
import type { CopyEvent } from "../transfer/event.ts";
import type { Command, Context } from "./command.ts";
import { createDemoArtifacts, type DemoArtifact } from "./demo/content.ts";
import { pushArtifact } from "./demo/push_artifact.ts";
import { verifyCopy } from "./demo/verify_copy.ts";
import { EXIT } from "./exit_code.ts";
import { formatCount, formatDuration } from "./format.ts";
import type { Io } from "./io.ts";
import { Display } from "./output/display.ts";
import { eventLine, verbosityOf } from "./output/event_line.ts";
import { planLines } from "./output/plan_lines.ts";
import { summaryLine } from "./output/summary.ts";
import { usageError } from "./usage_error.ts";

/** The names of the two registries, as references know them. */
const SANDBOX = "sandbox.example.com";
const PROD = "prod.example.com";

/** The command. */
export const command: Command = {
  usage: "demo",
  summary: "Copies an image, an index, attestations and a chart between two own registries.",
  examples: ["demo"],
  groups: [],
  page: "how-it-works.md",
  read({ names }) {
    if (names[0] !== undefined) {
      throw usageError("cannot demonstrate: demo takes no names", "oci-push demo");
    }
    return demo;
  },
};

async function demo({ io, signal }: Context): Promise<number> {
  const started = performance.now();
  await using sandbox = await serveRegistry({ signal });
  await using prod = await serveRegistry({ signal });
  const artifacts = await createDemoArtifacts();
  using source = connect({ registry: sandbox.host });
  for (const artifact of artifacts) await pushArtifact(source, artifact);
  say(io, `${SANDBOX} and ${PROD} are two registries in this program,`);
  say(io, `at ${sandbox.host} and ${prod.host}. In the first are ${artifacts.length} artifacts.`);

  const stage = { io, options: createOptions({ sandbox, prod, signal }), prod };
  const [image] = artifacts as [DemoArtifact, ...DemoArtifact[]];
  await showPlan(image, stage);
  for (const artifact of artifacts) {
    await showCopy(artifact, { ...stage, inDetail: artifact.repository === "attested" });
  }
  await showCommand([released(image), `${PROD}/app:stable`], stage);
  say(io, "  another tag where it is: one manifest read, one written");
  await showCommand([offered(image), released(image)], stage);
  say(io, "  once more: nothing to do");

  const time = formatDuration(performance.now() - started);
  say(io, "", `All of that took ${time}, and nothing is left behind. On your own registries:`, "");
  say(io, `  oci-push copy ${SANDBOX}/app:v1.2.3-rc.1 ${PROD}/app:v1.2.3`);
  return EXIT.done;
}

/** What every scene needs. */
interface Stage {
  io: Io;
  options: CopyOptions;
  prod: EmbeddedRegistry;
  /** Whether every blob gets a line. */
  inDetail?: boolean;
}

function createOptions(
  { sandbox, prod, signal }: Record<"sandbox" | "prod", EmbeddedRegistry> & { signal: AbortSignal },
): CopyOptions {
  return {
    endpoints: { [SANDBOX]: sandbox.url.href, [PROD]: prod.url.href },
    credentials: () => Promise.resolve(undefined),
    certificates: () => Promise.resolve({}),
    // The artifacts are small: without being told to, a copy would do without.
    workers: 2,
    signal,
  };
}

async function showPlan(artifact: DemoArtifact, { io, options }: Stage): Promise<void> {
  const [srcRef, destRef] = [offered(artifact), released(artifact)];
  say(io, "", `$ oci-push plan ${srcRef} ${destRef}`);
  const plan = await planCopy({ srcRef, destRef }, options);
  say(io, ...planLines(plan).map((line) => `  ${line}`));
}

async function showCopy(artifact: DemoArtifact, stage: Stage): Promise<void> {
  const { tag } = await showCommand([offered(artifact), released(artifact)], stage);
  using registry = connect({ registry: stage.prod.host });
  const checked = await verifyCopy(registry.repository(artifact.repository), tag);
  say(stage.io, `  ${artifact.title}; read again: ${formatCount(checked, "digest")}, all right`);
}

async function showCommand(
  [srcRef, destRef]: [string, string],
  { io, options, inDetail }: Stage,
): Promise<CopyResult> {
  say(io, "", `$ oci-push copy ${inDetail ? "-v " : ""}${srcRef} ${destRef}`);
  using display = new Display(io);
  const onEvent = (event: CopyEvent): void => {
    display.take(event);
    if (inDetail && verbosityOf(event) === 1) say(io, `  ${eventLine(event)}`);
  };
  const result = await ociPush({ srcRef, destRef }, { ...options, onEvent });
  display[Symbol.dispose]();
  say(io, `  ${summaryLine(result)}`, `  ${result.image}@${shortDigest(result.digest)}…`);
  return result;
}

function offered({ repository, tag }: DemoArtifact): string {
  return `${SANDBOX}/${repository}:${tag}`;
}

/** What was tested gets its final name. */
function released({ repository, tag }: DemoArtifact): string {
  return `${PROD}/${repository}:${tag.replace("-rc.1", "")}`;
}

function say(io: Io, ...lines: string[]): void {
  for (const line of lines) io.out(`${line}\n`);
}
