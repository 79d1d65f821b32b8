/**
 * `oci-push demo`: the main job, on two embedded registries.
 *
 * @module
 */

import { type CopyResult, ociPush, planCopy } from "../copy.ts";
import type { CopyOptions } from "../copy_request.ts";
import { shortDigest } from "../oci/digest.ts";
import { connect } from "../registry/connect.ts";
import { serveRegistry } from "../serve/serve.ts";
import type { Command, Context, ParsedWords } from "./command.ts";
import { createDemoArtifacts } from "./demo/content.ts";
import { pushArtifact } from "./demo/push_artifact.ts";
import { verifyCopy } from "./demo/verify_copy.ts";
import { formatPlan } from "./output/format_plan.ts";
import { Progress, progressStyle } from "./output/progress.ts";
import { formatDuration, formatSize } from "./units.ts";

/** The command. */
export const command: Command = {
  usage: "demo",
  summary: "Copies a multi-arch image, a nested index, attestations and a Helm chart between two " +
    "embedded registries, and shows what it does. Nothing is left behind.",
  examples: ["demo"],
  groups: [],
  page: "how-it-works.md",
  run,
};

async function run(_words: ParsedWords, { io, signal }: Context): Promise<number> {
  const started = performance.now();
  const say = (line = "") => io.out(`${line}\n`);
  await using sandbox = await serveRegistry({ signal });
  await using prod = await serveRegistry({ signal });
  using fromSandbox = connect({ registry: sandbox.host });
  using fromProd = connect({ registry: prod.host });
  say(`Two registries on this machine: sandbox ${sandbox.host}, prod ${prod.host}`);
  const artifacts = await createDemoArtifacts();
  for (const artifact of artifacts) await pushArtifact(fromSandbox, artifact);
  // The artifacts are small: without being told to, the copy would do without workers.
  const options: CopyOptions = {
    workers: 2,
    signal,
    credentials: () => Promise.resolve(undefined),
    certificates: () => Promise.resolve({}),
  };
  const copy = async (srcRef: string, destRef: string): Promise<CopyResult> => {
    using progress = new Progress(io, progressStyle(io, "auto"));
    const onEvent = progress.take.bind(progress);
    return await ociPush({ srcRef, destRef }, { ...options, onEvent });
  };

  const first = artifacts[0]!;
  const request = {
    srcRef: `${sandbox.host}/${first.name}`,
    destRef: `${prod.host}/team/app:v1.2.3`,
  };
  say();
  say(`$ oci-push plan ${request.srcRef} ${request.destRef}`);
  io.out(indent(formatPlan(await planCopy(request, options))));

  for (const { name, title } of artifacts) {
    const to = name.replace("-rc.1", "");
    const result = await copy(`${sandbox.host}/${name}`, `${prod.host}/${to}`);
    const [repository, tag] = to.split(":") as [string, string];
    const checked = await verifyCopy(fromProd.repository(repository), tag);
    say();
    say(`$ oci-push copy ${sandbox.host}/${name} ${prod.host}/${to}`);
    say(`  ${title}: ${describe(result)}`);
    say(`  ${result.image}@${shortDigest(result.digest)}…, ${checked} digests verified there`);
  }

  const retag = await copy(`${prod.host}/team/app:v1.2.3`, `${prod.host}/team/app:stable`);
  say();
  say(`$ oci-push copy ${prod.host}/team/app:v1.2.3 ${prod.host}/team/app:stable`);
  say(`  another tag where it is: ${describe(retag)}`);

  const again = await copy(request.srcRef, request.destRef);
  say();
  say(`$ oci-push copy ${request.srcRef} ${request.destRef}`);
  say(`  a second time: ${describe(again)}`);

  say();
  say(
    `Done in ${
      formatDuration(performance.now() - started)
    }, nothing is left behind. On your own registries:`,
  );
  say();
  say("  oci-push copy sandbox.example.com/team/app:v1.2.3-rc.1 \\");
  say("                prod.example.com/team/app:v1.2.3");
  return 0;
}

function describe({ status, blobs, bytes, requests, seconds }: CopyResult): string {
  const moved = blobs.transferred + blobs.mounted;
  const what = moved > 0 ? `${moved} blobs, ${formatSize(bytes)}` : "no blob moved";
  return `${status}, ${what}, ${requests} requests, ${formatDuration(seconds * 1000)}`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
