import { assertEquals } from "../../lib/std/assert.ts";
import type { CopyResult } from "../../lib/copy.ts";
import { formatCount, formatDuration, formatShare, formatSize } from "../../lib/cli/format.ts";
import { destinationState } from "../../lib/cli/output/destination_state.ts";
import { planLines } from "../../lib/cli/output/plan_lines.ts";
import { nextProgress, noProgress } from "../../lib/cli/output/progress_state.ts";
import { dryRunLines, promotionLine } from "../../lib/cli/output/promotion_lines.ts";
import { summaryLine } from "../../lib/cli/output/summary.ts";
import { OciPushError, type Side } from "../../lib/oci/error.ts";
import type { Plan } from "../../lib/plan/plan.ts";
import type { BlobOutcome } from "../../lib/transfer/event.ts";
import { blob, digest, plan } from "./_plan.ts";

const MIB = 1024 ** 2;

for (
  const [bytes, text] of [
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [96_468_992, "92.0 MiB"],
    [104_857_600, "100 MiB"],
    [1024 ** 2 - 1, "1.0 MiB"],
    [1024 ** 3, "1.0 GiB"],
    [5 * 1024 ** 5, "5120 TiB"],
  ] as const
) {
  Deno.test(`formatSize(${bytes}) is ${text}`, () => assertEquals(formatSize(bytes), text));
}

for (
  const [ms, text] of [
    [0, "0.0 s"],
    [3214, "3.2 s"],
    [9949, "9.9 s"],
    [9950, "10 s"],
    [59_400, "59 s"],
    [59_500, "1 min 0 s"],
    [250_000, "4 min 10 s"],
    [3_600_000, "1 h 0 min"],
    [86_399_000, "23 h 59 min"],
  ] as const
) {
  Deno.test(`formatDuration(${ms}) is ${text}`, () => assertEquals(formatDuration(ms), text));
}

Deno.test("a share has the unit of the whole", () => {
  assertEquals(formatShare(512, 92 * MIB), "0.0/92.0 MiB");
  assertEquals(formatShare(3, 10), "3/10 B");
});

Deno.test("counts have their nouns", () => {
  assertEquals([0, 1, 2].map((count) => formatCount(count, "blob")), [
    "0 blobs",
    "1 blob",
    "2 blobs",
  ]);
});

const RESULT: CopyResult = {
  image: "prod.example.com/app:v1",
  tag: "v1",
  digest: digest("a"),
  status: "copied",
  source: { ref: "sandbox.example.com/app:v1-rc.1", digest: digest("a") },
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  platforms: ["linux/amd64"],
  size: 128 * MIB,
  bytes: 92 * MIB,
  requests: 103,
  seconds: 3.214,
  blobs: { transferred: 23, mounted: 9, existing: 4 },
  warnings: [],
};
const NOTHING = { transferred: 0, mounted: 0, existing: 0 };

const summaries: { does: string; result: Partial<CopyResult>; line: string }[] = [
  {
    does: "a copy",
    result: {},
    line: "copied 36 blobs in 3.2 s: 92.0/128 MiB sent, 9 mounted, 4 already there",
  },
  {
    does: "a copy that moved a tag",
    result: {
      previousDigest: digest("b"),
      blobs: { ...NOTHING, transferred: 1 },
      size: MIB,
      bytes: MIB,
    },
    line:
      "copied 1 blob in 3.2 s: 1.0 MiB sent; v1 moved from sha256:bbbbbbbbbbbb to sha256:aaaaaaaaaaaa",
  },
  {
    does: "another tag for what is there",
    result: { blobs: NOTHING, bytes: 0 },
    line: "copied in 3.2 s: all blobs were there already",
  },
  {
    does: "a retag",
    result: { status: "retagged", blobs: NOTHING, bytes: 0 },
    line: "retagged in 3.2 s",
  },
  {
    does: "a retag that moved the tag",
    result: { status: "retagged", previousDigest: digest("b"), blobs: NOTHING },
    line: "retagged in 3.2 s; v1 moved from sha256:bbbbbbbbbbbb to sha256:aaaaaaaaaaaa",
  },
  {
    does: "nothing to do",
    result: { status: "unchanged", previousDigest: digest("a"), blobs: NOTHING },
    line: "unchanged: v1 is sha256:aaaaaaaaaaaa already",
  },
];
for (const { does, result, line } of summaries) {
  Deno.test(`the summary of ${does}`, () =>
    assertEquals(summaryLine({ ...RESULT, ...result }), line));
}

const plans: { does: string; plan: Plan; logins?: [Side, string][]; lines: string[] }[] = [
  {
    does: "a copy",
    plan: plan(),
    logins: [["source", "anonymous"], ["destination", "OCI_PUSH_DEST_CREDS"]],
    lines: [
      "source       sandbox.example.com/app:v1-rc.1  sha256:aaaaaaaaaaaa",
      "destination  prod.example.com/app:v1  free -> sha256:aaaaaaaaaaaa",
      "would        move 3 blobs (92.0 MiB), mount 1 blob (8.0 MiB), find 1 blob (28.0 MiB), write 1 manifest",
      "size         128 MiB, 1.0 GiB allowed",
      "login        source: anonymous, destination: OCI_PUSH_DEST_CREDS",
    ],
  },
  {
    does: "a retag",
    plan: plan({
      mode: "retag",
      blobs: [],
      destination: { ...plan().destination, previousDigest: digest("b") },
      size: { artifact: null, limit: null, transfer: 0 },
    }),
    logins: [],
    lines: [
      "source       sandbox.example.com/app:v1-rc.1  sha256:aaaaaaaaaaaa",
      "destination  prod.example.com/app:v1  sha256:bbbbbbbbbbbb -> sha256:aaaaaaaaaaaa",
      "would        retag, write 1 manifest",
      "size         not limited within one repository",
      "login        no registry asked for one",
    ],
  },
  {
    does: "nothing",
    plan: plan({
      mode: "unchanged",
      blobs: [],
      manifests: [],
      destination: { ...plan().destination, previousDigest: digest("a") },
      size: { artifact: null, limit: null, transfer: 0 },
    }),
    logins: [],
    lines: [
      "source       sandbox.example.com/app:v1-rc.1  sha256:aaaaaaaaaaaa",
      "destination  prod.example.com/app:v1  holds it",
      "would        do nothing",
      "size         not looked at",
      "login        no registry asked for one",
    ],
  },
  {
    does: "another tag, with no limit and foreign layers",
    plan: plan({
      blobs: [blob("9", 1, "skip")],
      size: { artifact: 0, limit: null, transfer: 0 },
    }),
    lines: [
      "source       sandbox.example.com/app:v1-rc.1  sha256:aaaaaaaaaaaa",
      "destination  prod.example.com/app:v1  free -> sha256:aaaaaaaaaaaa",
      "would        leave 1 blob (1.0 MiB), write 1 manifest",
      "size         0 B, no limit",
    ],
  },
];
for (const { does, plan, logins, lines } of plans) {
  Deno.test(`the plan of ${does}`, () => {
    assertEquals(planLines(plan, logins && new Map(logins)), lines);
  });
}

const states: {
  does: string;
  plan: Plan | undefined;
  arrived: [string, BlobOutcome][];
  previous?: boolean;
  state: string;
}[] = [
  { does: "no plan", plan: undefined, arrived: [], state: "Nothing was written." },
  { does: "a plan alone", plan: plan(), arrived: [], state: "Nothing was written." },
  {
    does: "blobs that were found there",
    plan: plan(),
    arrived: [["1", "existing"]],
    state: "Nothing was written.",
  },
  {
    does: "blobs that were sent",
    plan: plan(),
    arrived: [["1", "transferred"], ["4", "mounted"]],
    state: "prod.example.com/app:v1 is as it was; 3 of 5 blobs are there and will be reused.",
  },
  {
    does: "blobs for a tag that names something",
    plan: plan({
      blobs: [blob("1", 1, "transfer"), blob("2", 1, "transfer")],
      destination: { ...plan().destination, previousDigest: digest("b") },
    }),
    arrived: [["1", "transferred"]],
    state:
      "prod.example.com/app:v1 is still sha256:bbbbbbbbbbbb; 1 of 2 blobs is there and will be reused.",
  },
];
for (const { does, plan, arrived, state } of states) {
  Deno.test(`what is left after ${does}`, () => {
    let progress = noProgress(0);
    if (plan) progress = nextProgress(progress, { type: "planned", plan }, 0);
    for (const [name, outcome] of arrived) {
      const done = { type: "blob-done", digest: digest(name), size: 1, outcome, sent: 1 } as const;
      progress = nextProgress(progress, done, 0);
    }
    assertEquals(destinationState(plan, progress), state);
  });
}

Deno.test("steps of a promotion are told in a line each", () => {
  const step = { alias: "push", uses: "oci-push" };
  assertEquals(
    promotionLine({ type: "step-start", index: 0, total: 2, ...step }),
    "[1/2] push  oci-push",
  );
  assertEquals(
    promotionLine({
      type: "step-retry",
      index: 0,
      alias: "push",
      attempt: 1,
      wait: 2000,
      error: new OciPushError("UNAVAILABLE", "cannot read a:\x1b[2J", { terminal: false }),
    }),
    "      push  once more in 2.0 s: cannot read a:\\x1b[2J",
  );
  assertEquals(
    promotionLine({
      type: "step-end",
      index: 0,
      total: 2,
      elapsed: 1234,
      summary: "copied",
      result: { ...step, status: "Succeeded", output: { tag: "v1", message: "one\ntwo" } },
    }),
    "[1/2] push  Succeeded  1.2 s  copied  tag=v1  message=one two",
  );
});

Deno.test("a dry run shows configs and plans", () => {
  const lines = dryRunLines({
    status: "Succeeded",
    steps: [
      {
        alias: "push",
        uses: "oci-push",
        status: "Succeeded",
        output: {},
        config: { srcRef: "a" },
        plan: plan(),
      },
      {
        alias: "set",
        uses: "kustomize-set-image",
        status: "Succeeded",
        output: {},
        plan: { file: "k" },
      },
      { alias: "last", uses: "oci-push", status: "Skipped", output: {} },
    ],
  });
  assertEquals([lines[0], lines[1], lines[3]], [
    "push  oci-push  Succeeded",
    '  config       {"srcRef":"a"}',
    "  destination  prod.example.com/app:v1  free -> sha256:aaaaaaaaaaaa",
  ]);
  assertEquals(lines.slice(-3), [
    "set  kustomize-set-image  Succeeded",
    '  would        {"file":"k"}',
    "last  oci-push  Skipped",
  ]);
});
