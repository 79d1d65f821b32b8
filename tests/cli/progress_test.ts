import { assert, assertEquals, assertLess, assertLessOrEqual } from "../../lib/std/assert.ts";
import { frameLines, totalLine } from "../../lib/cli/output/progress_lines.ts";
import {
  acceptedBytes,
  arrivedBlobs,
  nextProgress,
  noProgress,
  type ProgressState,
} from "../../lib/cli/output/progress_state.ts";
import type { BlobOutcome, CopyEvent } from "../../lib/transfer/event.ts";
import { digest, plan } from "./_plan.ts";

const MIB = 1024 ** 2;
const SIZES: Record<string, number> = { "1": 60, "2": 30, "3": 2, "4": 8 };

const planned: CopyEvent = { type: "planned", plan: plan() };
const request: CopyEvent = {
  type: "request",
  registry: "prod.example.com",
  method: "GET",
  url: "https://prod.example.com/v2/",
  status: 200,
  ms: 3,
};
const written: CopyEvent = {
  type: "manifest-done",
  digest: digest("a"),
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  tag: "v1",
};

function started(name: string): CopyEvent {
  return { type: "blob-started", digest: digest(name), size: SIZES[name]! * MIB };
}

function accepted(name: string, mib: number): CopyEvent {
  return { type: "blob-progress", digest: digest(name), accepted: mib * MIB };
}

function done(name: string, outcome: BlobOutcome): CopyEvent {
  const size = SIZES[name]! * MIB;
  const sent = outcome === "transferred" ? size : 0;
  return { type: "blob-done", digest: digest(name), size, outcome, sent };
}

/** Each event a second after the one before it. */
function after(...events: CopyEvent[]): ProgressState {
  return events.reduce(
    (state, event, index) => nextProgress(state, event, index * 1000),
    noProgress(0),
  );
}

const cases: { does: string; events: CopyEvent[]; now: number; total: string }[] = [
  {
    does: "says that it plans, before totals are known",
    events: [request, request],
    now: 3000,
    total: "planning  2 answers  3.0 s",
  },
  {
    does: "knows the totals from the plan",
    events: [planned],
    now: 0,
    total: "0 %  0.0/100 MiB  0/4 blobs",
  },
  {
    does: "counts what was accepted, not what was begun",
    events: [planned, started("1"), started("2")],
    now: 2500,
    total: "0 %  0.0/100 MiB  0/4 blobs",
  },
  {
    does: "counts chunks of a blob under way",
    events: [planned, started("1"), accepted("1", 20)],
    now: 4000,
    total: "20 %  20.0/100 MiB  0/4 blobs  5.0 MiB/s  eta 16 s",
  },
  {
    does: "counts a blob once, whatever was said of its chunks",
    events: [planned, started("1"), accepted("1", 20), done("1", "transferred")],
    now: 4000,
    total: "60 %  60.0/100 MiB  1/4 blobs  15.0 MiB/s  eta 2.7 s",
  },
  {
    does: "takes what is mounted out of what is to be sent",
    events: [planned, started("4"), done("4", "mounted")],
    now: 3000,
    total: "0 %  0.0/92.0 MiB  1/4 blobs",
  },
  {
    does: "takes what is there already out of it",
    events: [planned, started("1"), done("1", "existing")],
    now: 3000,
    total: "0 %  0.0/40.0 MiB  1/4 blobs",
  },
  {
    does: "says when nothing was accepted for long",
    events: [planned, started("1"), accepted("1", 20)],
    now: 14_000,
    total: "20 %  20.0/100 MiB  0/4 blobs  no bytes accepted for 12 s",
  },
  {
    does: "is not done before the last manifest is written",
    events: [
      planned,
      ...["1", "2", "3"].flatMap((name) => [started(name), done(name, "transferred")]),
      done("4", "mounted"),
    ],
    now: 9000,
    total: "99 %  92.0/92.0 MiB  4/4 blobs  10.2 MiB/s",
  },
  {
    does: "is done then",
    events: [
      planned,
      ...["1", "2", "3"].map((name) => done(name, "transferred")),
      done("4", "mounted"),
      written,
    ],
    now: 6000,
    total: "100 %  92.0/92.0 MiB  4/4 blobs  15.3 MiB/s",
  },
  {
    does: "goes by blobs where no bytes are to be sent",
    events: [
      {
        type: "planned",
        plan: plan({
          blobs: plan().blobs.slice(3, 4),
          size: { artifact: 8, limit: null, transfer: 8 * MIB },
        }),
      },
      done("4", "mounted"),
    ],
    now: 2000,
    total: "99 %  1/1 blobs",
  },
  {
    does: "begins anew with another plan",
    events: [planned, done("1", "transferred"), planned],
    now: 2000,
    total: "0 %  0.0/100 MiB  0/4 blobs",
  },
];
for (const { does, events, now, total } of cases) {
  Deno.test(`the total line ${does}`, () => {
    assertEquals(totalLine(after(...events), now), total);
  });
}

Deno.test("a blob that starts over is on its way once, and nothing of it counts", () => {
  const state = after(planned, started("1"), accepted("1", 20), started("1"));
  assertEquals([state.moving.length, acceptedBytes(state), arrivedBlobs(state)], [1, 0, 0]);
});

Deno.test("the rate is that of the last seconds, not of the whole copy", () => {
  // 60 MiB in the first second, then a minute of silence, then 2 MiB in a second.
  let state = nextProgress(noProgress(0), planned, 0);
  state = nextProgress(state, done("1", "transferred"), 1000);
  state = nextProgress(state, done("3", "transferred"), 61_000);
  assertEquals(totalLine(state, 62_000).includes("62.0/100 MiB  2/4 blobs"), true);
  const later = nextProgress(state, done("2", "transferred"), 62_000);
  assertEquals(
    totalLine(later, 62_000),
    "92 %  92.0/100 MiB  3/4 blobs  30.0 MiB/s  eta 0.3 s",
  );
});

Deno.test("states are never changed", () => {
  const events = [planned, started("1"), accepted("1", 20), done("1", "transferred"), written];
  let state = noProgress(0);
  for (const event of events) {
    const before = structuredClone(state);
    const next = nextProgress(state, event, 1);
    assertEquals(state, before);
    state = next;
  }
});

Deno.test("a frame has the oldest blobs, the total and what else there is", () => {
  const state = after(planned, done("4", "mounted"), started("1"), accepted("1", 15), started("2"));
  assertEquals(frameLines(state, { columns: 80, rows: 24, now: 4200 }), [
    "  | sha256:111111111111  15.0/60.0 MiB     2.2 s",
    "  | sha256:222222222222  30.0 MiB          0.2 s",
    "16 %  15.0/92.0 MiB  1/4 blobs  3.6 MiB/s  eta 22 s",
    "2 moving, 1 waiting, 1 mounted, 0/1 manifests",
  ]);
});

Deno.test("a blob of which nothing was accepted for long says so", () => {
  const state = after(planned, started("1"), accepted("1", 20));
  const [line] = frameLines(state, { columns: 80, rows: 24, now: 14_000 });
  assertEquals(line, "  | sha256:111111111111  20.0/60.0 MiB     no bytes accepted for 12 s");
});

const many = after(
  planned,
  ...Array.from({ length: 36 }, (_, index): CopyEvent => ({
    type: "blob-started",
    digest: digest(String.fromCharCode(97 + index % 6) + index),
    size: 1234567,
  })),
);
for (
  const { columns, rows, most } of [
    { columns: 80, rows: 24, most: 8 },
    { columns: 200, rows: 50, most: 8 },
    { columns: 80, rows: 6, most: 4 },
    { columns: 80, rows: 4, most: 1 },
    { columns: 40, rows: 20, most: 1 },
    { columns: 10, rows: 3, most: 1 },
    { columns: 1, rows: 1, most: 1 },
  ]
) {
  Deno.test(`a frame of 36 blobs fits into ${columns}x${rows}`, () => {
    const lines = frameLines(many, { columns, rows, now: 40_000 });
    assertEquals(lines.length, most);
    assertLessOrEqual(lines.length, Math.max(1, Math.min(8, rows - 2)));
    for (const line of lines) assertLess(line.length, columns);
  });
}

Deno.test("a line that is too long ends between two figures, not within one", () => {
  const [whole] = frameLines(many, { columns: 200, rows: 4, now: 40_000 });
  for (let columns = 20; columns < whole!.length; columns++) {
    const [line] = frameLines(many, { columns, rows: 4, now: 40_000 });
    assert(whole!.startsWith(line!) && /^( {2}|$)/.test(whole!.slice(line!.length)), line);
  }
});
