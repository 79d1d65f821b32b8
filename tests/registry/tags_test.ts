import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { listTags } from "../../lib/registry/tags.ts";
import { type Answer, scriptedRepository, type Step } from "../support/scripted.ts";

const FIRST = "GET https://registry.test/v2/team/app/tags/list?n=1000";
const page = (tags: unknown, link?: string): Answer => ({
  status: 200,
  headers: link ? { link } : {},
  body: JSON.stringify({ name: "team/app", tags }),
});

const listings: { does: string; script: Step[]; tags: string[] }[] = [
  { does: "one page", script: [[FIRST, page(["a", "b"])]], tags: ["a", "b"] },
  { does: "tags that are null", script: [[FIRST, page(null)]], tags: [] },
  { does: "nonsense beside tags", script: [[FIRST, page(["a", 1, null])]], tags: ["a"] },
  { does: "a page that is no object", script: [[FIRST, { status: 200, body: "[]" }]], tags: [] },
  {
    does: "a relative link",
    script: [
      [FIRST, page(["a"], '</v2/team/app/tags/list?n=1000&last=a>; rel="next"')],
      [`${FIRST}&last=a`, page(["b"])],
    ],
    tags: ["a", "b"],
  },
  {
    does: "an absolute link, and one that names itself by http",
    script: [
      [FIRST, page(["a"], '<https://registry.test/v2/next>; rel="next"')],
      ["GET https://registry.test/v2/next", page(["b"], "<http://registry.test/v2/3>;rel=next")],
      ["GET https://registry.test/v2/3", page([])],
    ],
    tags: ["a", "b"],
  },
  {
    does: "a link to another page than the next",
    script: [[FIRST, page(["a"], '</v2/first>; rel="first"')]],
    tags: ["a"],
  },
  {
    does: "a link to the page itself",
    script: [[FIRST, page(["a"], '</v2/team/app/tags/list?n=1000>; rel="next"')]],
    tags: ["a"],
  },
  {
    does: "a link into the file system",
    script: [[FIRST, page(["a"], '<file:///etc/passwd>; rel="next"')]],
    tags: ["a"],
  },
];

for (const { does, script, tags } of listings) {
  Deno.test(`listTags() reads ${does}`, async () => {
    const { server, repository } = scriptedRepository(script);
    assertEquals(await Array.fromAsync(listTags(repository)), tags);
    server.assertSpent();
  });
}

Deno.test("listTags() fetches a page only when the loop gets there", async () => {
  const { server, repository } = scriptedRepository([
    ["GET /v2/team/app/tags/list?n=2", page(["a", "b"], '</next>; rel="next"')],
  ]);
  for await (const tag of listTags(repository, { pageSize: 2 })) if (tag === "b") break;
  server.assertSpent();
});

const failures: { does: string; answer: Answer; code: string; terminal: boolean; says: string }[] =
  [
    {
      does: "a missing repository",
      answer: { status: 404 },
      code: "REPOSITORY_NOT_FOUND",
      terminal: true,
      says: "cannot list tags of registry.test/team/app: it is not there (404)",
    },
    {
      does: "a web page",
      answer: { status: 200, body: "<html>" },
      code: "REGISTRY_BROKEN",
      terminal: true,
      says: "cannot list registry.test/team/app: the answer is not JSON",
    },
    {
      does: "a page without an end",
      answer: () =>
        new Response(
          new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20)) }),
        ),
      code: "REGISTRY_BROKEN",
      terminal: true,
      says: "cannot list registry.test/team/app: a page is longer than 4 MiB",
    },
    {
      does: "a page that breaks",
      answer: () =>
        new Response(
          new ReadableStream({ pull: (controller) => controller.error(new TypeError("reset")) }),
        ),
      code: "UNREACHABLE",
      terminal: false,
      says: "cannot list registry.test/team/app: the connection broke (reset)",
    },
  ];

for (const { does, answer, code, terminal, says } of failures) {
  Deno.test(`listTags() explains ${does}`, async () => {
    const { repository } = scriptedRepository([[/./, answer]]);
    const error = await assertRejects(() => Array.fromAsync(listTags(repository)), OciPushError);
    assertEquals([error.code, error.terminal, error.message], [code, terminal, says]);
  });
}

Deno.test("listTags() ends with the signal's own reason", async () => {
  const controller = new AbortController();
  const stop = new Error("stop");
  const { repository } = scriptedRepository([[/./, () => {
    controller.abort(stop);
    throw new TypeError("aborted");
  }]]);
  const tags = listTags(repository, { signal: controller.signal });
  assertEquals(await assertRejects(() => tags.next()), stop);
});
