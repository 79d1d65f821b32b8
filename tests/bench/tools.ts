/**
 * Everybody who takes part, and how each is asked to copy.
 *
 * @module
 */

import { findTool } from "../support/tools.ts";

/** What a participant is to do. */
export interface Job {
  from: string;
  to: string;
  /** Registries are spoken to in https, with certificates that this one signed. */
  caFile?: string;
}

/** Someone who copies. */
export interface Participant {
  name: string;
  /** The command line. */
  command: (job: Job) => string[];
  /** The work that it can do; absent: all. */
  only?: string[];
}

const CLI = new URL("../../cli.ts", import.meta.url).pathname;
const FLOOR_PROGRAM = new URL("./floor.ts", import.meta.url).pathname;

/** Who is compared with all others. */
export const OURS = "oci-push";
/** The same from a checkout, where a start reads every module by itself. */
const OURS_FROM_SOURCE = "from source";
/** Our requests with nothing around them, see floor.ts. */
const FLOOR = "fetch alone";
/** Who is no other tool. */
export const NO_OTHERS: readonly string[] = [OURS, OURS_FROM_SOURCE, FLOOR];

/**
 * oci-push and the tools of today, at their defaults and tuned.
 *
 * @param bundle oci-push as it is released, as the others are.
 */
export async function participants(bundle: string): Promise<Participant[]> {
  const path = async (name: string) => await findTool(name) ?? name;
  const [crane, regctl, oras, skopeo] = await Promise.all(
    ["crane", "regctl", "oras", "skopeo"].map(path),
  ) as [string, string, string, string];
  const plain = ({ caFile }: Job, ...flags: string[]) => caFile ? [] : flags;
  return [
    ...[{ name: OURS, program: bundle }, { name: OURS_FROM_SOURCE, program: CLI }].map((
      { name, program },
    ) => ({
      name,
      command: (job: Job) => [
        ...[Deno.execPath(), "run", "-A", program, "copy", "--max-artifact-size=-1"],
        ...(job.caFile ? ["--ca-file", job.caFile] : []),
        job.from,
        job.to,
      ],
    })),
    {
      name: FLOOR,
      only: ["retag", "unchanged", "small", "many", "big"],
      command: ({ from, to }) => [Deno.execPath(), "run", "-A", FLOOR_PROGRAM, from, to],
    },
    { name: "crane", command: (job) => [crane, "copy", job.from, job.to] },
    { name: "crane -j16", command: (job) => [crane, "copy", "-j", "16", job.from, job.to] },
    {
      name: "regctl",
      command: (job) => [
        regctl,
        ...[job.from, job.to].flatMap((reference) => [
          "--host",
          `reg=${reference.split("/")[0]},tls=${job.caFile ? "enabled" : "disabled"}`,
        ]),
        "image",
        "copy",
        job.from,
        job.to,
      ],
    },
    ...[[], ["--concurrency", "16"]].map((tuned) => ({
      name: tuned.length ? "oras -16" : "oras",
      command: (job: Job) => [
        oras,
        "cp",
        ...tuned,
        ...plain(job, "--from-plain-http", "--to-plain-http"),
        job.from,
        job.to,
      ],
    })),
    {
      name: "skopeo",
      command: (job) => [
        skopeo,
        "copy",
        "--all",
        ...plain(job, "--src-tls-verify=false", "--dest-tls-verify=false"),
        `docker://${job.from}`,
        `docker://${job.to}`,
      ],
    },
  ];
}
