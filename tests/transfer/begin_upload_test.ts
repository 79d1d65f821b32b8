import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { beginUpload } from "../../lib/transfer/begin_upload.ts";
import type { BlobTask } from "../../lib/transfer/task.ts";
import { type Answer, scriptedRepository, silent, type Step } from "../support/scripted.ts";

const digest = `sha256:${"a".repeat(64)}` as const;
const HEAD = `HEAD /v2/team/app/blobs/${digest}`;
const POST = "POST /v2/team/app/blobs/uploads/";
const question = (from: string): string =>
  `${POST}?mount=sha256%3A${"a".repeat(64)}&from=${encodeURIComponent(from)}`;
const there: Answer = { status: 200 };
const missing: Answer = { status: 404 };
const mounted: Answer = { status: 201 };
const opened: Answer = { status: 202, headers: { location: "/u/1" } };
const cancelled: Step = ["DELETE /u/1", { status: 204 }];

const own = { from: "team/app" };
const cases: {
  does: string;
  task: Partial<BlobTask>;
  /** What the probe of another blob found out; asked only where it is given. */
  tells?: boolean;
  script: Step[];
  is: "open" | "existing" | "mounted";
  probed?: boolean[];
}[] = [
  { does: "opens where nothing could be mounted", task: {}, script: [[POST, opened]], is: "open" },
  { does: "finds", task: own, script: [[question("team/app"), mounted]], is: "existing" },
  {
    does: "mounts",
    task: { from: "team/base" },
    script: [[question("team/base"), mounted]],
    is: "mounted",
  },
  {
    does: "takes an upload that opens for an answer",
    task: own,
    tells: true,
    script: [[question("team/app"), opened]],
    is: "open",
  },
  {
    does: "asks again where opening tells nothing",
    task: own,
    tells: false,
    script: [[question("team/app"), opened], [HEAD, there], cancelled],
    is: "existing",
  },
  {
    does: "opens what is not there where opening tells nothing",
    task: own,
    tells: false,
    script: [[question("team/app"), opened], [HEAD, missing]],
    is: "open",
  },
  {
    does: "does not wait with what is new for all that is known",
    task: { ...own, eager: true },
    tells: false,
    script: [[question("team/app"), opened]],
    is: "open",
  },
  {
    does: "does not ask twice what was asked before",
    task: { ...own, check: true },
    tells: false,
    script: [[HEAD, missing], [question("team/app"), opened]],
    is: "open",
  },
  { does: "asks first", task: { check: true }, script: [[HEAD, there]], is: "existing" },
  {
    does: "probes: answers that agree",
    task: { ...own, probe: true },
    script: [[HEAD, missing], [question("team/app"), opened]],
    is: "open",
    probed: [true],
  },
  {
    does: "probes: answers that disagree",
    task: { ...own, probe: true },
    script: [[HEAD, there], [question("team/app"), opened], cancelled],
    is: "existing",
    probed: [false],
  },
  {
    does: "probes: a mount",
    task: { ...own, probe: true },
    script: [[HEAD, there], [question("team/app"), mounted]],
    is: "existing",
    probed: [true],
  },
  {
    does: "probes: a HEAD that is refused tells nothing",
    task: { ...own, probe: true },
    script: [[HEAD, { status: 405 }], [question("team/app"), opened]],
    is: "open",
    probed: [true],
  },
];
for (const { does, task, tells, script, is, probed = [] } of cases) {
  Deno.test(`beginUpload() ${does}`, async () => {
    const { server, repository } = scriptedRepository(script);
    const found: boolean[] = [];
    const beginning = await beginUpload({ digest, size: 1, ...task }, repository, {
      ...(tells !== undefined && { openingTells: () => Promise.resolve(tells) }),
      onProbed: (tells) => void found.push(tells),
    });
    assertEquals([beginning.kind === "open" ? "open" : beginning.outcome, found], [is, probed]);
    server.assertSpent();
  });
}

Deno.test("beginUpload() cancels what it opened when it is stopped while it asks", async () => {
  const stop = new AbortController();
  const { server, repository } = scriptedRepository([
    [HEAD, silent],
    [question("team/app"), opened],
    cancelled,
  ]);
  const task = { digest, size: 1, ...own, probe: true };
  const beginning = beginUpload(task, repository, { signal: stop.signal });
  await new Promise((resolve) => setTimeout(resolve, 0));
  stop.abort(new Error("enough"));
  await assertRejects(() => beginning, Error, "enough");
  server.assertSpent();
});
