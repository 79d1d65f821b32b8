/** Freight: files, command line, look-ups. */

import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import type { Freight } from "../../lib/promotion/freight.ts";
import { readFreight } from "../../lib/promotion/freight_file.ts";
import { FreightSet } from "../../lib/promotion/freight_set.ts";
import { normalizeGitUrl } from "../../lib/promotion/git_url.ts";
import { overlayFreight, readImageOptions } from "../../lib/promotion/image_option.ts";
import { APP, DIGEST, freightOf, OTHER_DIGEST } from "./_support.ts";

const PRINTED = `apiVersion: kargo.akuity.io/v1alpha1
kind: Freight
alias: sleepy-otter
metadata:
  creationTimestamp: "2025-01-02T03:04:05Z"
  name: f5e3c1
  namespace: demo
origin:
  kind: Warehouse
  name: main
commits:
- id: 6dcb09b
  repoURL: https://github.com/example/app.git
  branch: main
  somethingNew: 1
images:
- annotations:
    org.opencontainers.image.created: "2025-01-01T00:00:00Z"
  digest: ${DIGEST}
  repoURL: ${APP}
  tag: v1.2.3
charts:
- repoURL: oci://registry.example.com/charts/web
  version: 0.3.1
status:
  approvedFor: {}
`;

const READ: Freight = {
  name: "f5e3c1",
  alias: "sleepy-otter",
  origin: "main",
  images: [{
    repoURL: APP,
    tag: "v1.2.3",
    digest: DIGEST,
    annotations: { "org.opencontainers.image.created": "2025-01-01T00:00:00Z" },
  }],
  charts: [{ repoURL: "oci://registry.example.com/charts/web", version: "0.3.1" }],
  commits: [{
    id: "6dcb09b",
    repoURL: "https://github.com/example/app.git",
    branch: "main",
  }],
};

const NONE = { images: [], charts: [], commits: [] };

const files: { what: string; text: string; is: Freight[] }[] = [
  { what: "what kubectl prints", text: PRINTED, is: [READ] },
  {
    what: "several documents",
    text: `${PRINTED}---\nkind: Stage\n---\n${PRINTED}`,
    is: [READ, READ],
  },
  {
    what: "a List",
    text: `kind: List\nitems:\n- ${PRINTED.trimEnd().replaceAll("\n", "\n  ")}\n`,
    is: [READ],
  },
  {
    what: "the short form",
    text: `images:\n- { repoURL: ${APP}, tag: v1, origin: other }\n`,
    is: [{ ...NONE, images: [{ repoURL: APP, tag: "v1", origin: "other" }] }],
  },
  {
    what: "the short form with a name and an origin",
    text:
      "name: f1\norigin: main\ncharts: [{ repoURL: c, version: '1.20', origin: { name: o } }]\n",
    is: [{
      ...NONE,
      name: "f1",
      origin: "main",
      charts: [{ repoURL: "c", version: "1.20", origin: "o" }],
    }],
  },
];

for (const { what, text, is } of files) {
  Deno.test(`readFreight() reads ${what}`, async () => {
    const freights = await readFreight(text);
    assertEquals(freights.map((freight) => ({ ...freight })), is);
  });
}

const wrong: { text: string; problem: string; line?: number; path?: string }[] = [
  { text: "", problem: "there is no freight in it, it is empty" },
  { text: "kind: Stage\n", problem: "it holds Stage" },
  { text: "image:\n- repoURL: a\n", problem: 'no key "image"', line: 1, path: "image" },
  { text: "images:\n- repo: a\n", problem: 'no key "repo"', line: 2, path: "images[0].repo" },
  { text: "images:\n- tag: a\n", problem: '"repoURL" is missing', path: "images[0]" },
  {
    text: "images:\n- repoURL: a\n  tag: 1.20\n",
    problem: "the number 1.20 was found",
    line: 3,
    path: "images[0].tag",
  },
  { text: "commits:\n- repoURL: a\n  id: 1234567\n", problem: "the number 1234567 was found" },
  { text: "charts:\n- repoURL: a\n", problem: '"version" is missing' },
  { text: "images: {}\n", problem: "a list is wanted" },
  { text: "origin: 5\n", problem: "a map is wanted" },
  {
    text: PRINTED.replace("tag: v1.2.3", "tag: 1e3"),
    problem: "the number 1e3 was found",
    line: 21,
  },
];

for (const { text, problem, line, path } of wrong) {
  Deno.test(`readFreight() refuses ${JSON.stringify(text.slice(0, 40))}: ${problem}`, async () => {
    const error = await assertRejects(
      () => readFreight(text, { file: "f.yaml" }),
      OciPushError,
      problem,
    );
    assertEquals([error.code, error.details.file], ["INVALID_DOCUMENT", "f.yaml"]);
    if (line !== undefined) assertEquals(error.details.line, line);
    if (path !== undefined) assertEquals(error.details.path, path);
  });
}

Deno.test("what one freight says twice is one artifact, what two freights say is two", () => {
  const image = { repoURL: APP, digest: DIGEST };
  const twice = { ...NONE, images: [image, { ...image }] };
  assertEquals(new FreightSet([twice]).images(APP).length, 1);
  assertEquals(new FreightSet([twice, twice]).images(APP).length, 2);
  const other = { ...NONE, images: [image, { ...image, digest: OTHER_DIGEST }] };
  assertEquals(new FreightSet([other]).images(APP).length, 2);
});

Deno.test("an artifact's own origin goes before its freight's", () => {
  const images = [{ repoURL: APP }, { repoURL: APP, origin: "second" }];
  const set = new FreightSet([{ ...NONE, origin: "main", images }]);
  assertEquals(set.images(APP, "main"), [{ repoURL: APP }]);
  assertEquals(set.images(APP, "second"), [{ repoURL: APP, origin: "second" }]);
  assertEquals(set.images(`${APP}/`), []);
});

Deno.test("describe() tells what there is, also when that is nothing", () => {
  assertEquals(new FreightSet([]).describe(), "no freight: none was given");
  assertEquals(new FreightSet([NONE]).describe(), "freight: empty");
  assertEquals(
    new FreightSet([freightOf({ images: [{ repoURL: APP }], charts: [] })]).describe(),
    `freight f1: images ${APP}; commits https://github.com/Example/App.git`,
  );
});

const git: [url: string, normalized: string][] = [
  ["https://github.com/Example/App.git", "https://github.com/example/app"],
  ["https://github.com/example/app/", "https://github.com/example/app"],
  ["https://user:secret@github.com/example/app.git/", "https://github.com/example/app"],
  ["HTTP://git.example.com:8080/a", "http://git.example.com:8080/a"],
  ["git@github.com:Example/App.git", "ssh://git@github.com/example/app"],
  ["ssh://git@github.com/example/app", "ssh://git@github.com/example/app"],
  [" github.com:a/b ", "ssh://github.com/a/b"],
  ["./local path", "./local path"],
];

for (const [url, normalized] of git) {
  Deno.test(`the Git URL ${JSON.stringify(url)} is ${normalized}`, () => {
    assertEquals(normalizeGitUrl(url), normalized);
    assertEquals(normalizeGitUrl(normalized), normalized);
  });
}

function resolver(digests: Record<string, string> = {}) {
  const asked: string[] = [];
  const resolve = (reference: string) => {
    asked.push(reference);
    return Promise.resolve(digests[reference] ?? "");
  };
  return { asked, resolve };
}

Deno.test("readImageOptions() keeps repositories as typed and asks only for missing digests", async () => {
  const { asked, resolve } = resolver({ "nginx:1.27": OTHER_DIGEST });
  const options = [
    `localhost:5000/a/b:v1@${DIGEST}`,
    `localhost:5000/a/c@${DIGEST}`,
    "nginx:1.27",
    "oci://registry.example.com/charts/web:1.0.0+b2",
  ];
  assertEquals(await readImageOptions(options, { resolve }), {
    images: [
      { repoURL: "localhost:5000/a/b", tag: "v1", digest: DIGEST },
      { repoURL: "localhost:5000/a/c", digest: DIGEST },
      { repoURL: "nginx", tag: "1.27", digest: OTHER_DIGEST },
    ],
    charts: [{ repoURL: "oci://registry.example.com/charts/web", version: "1.0.0+b2" }],
    commits: [],
  });
  assertEquals(asked, ["nginx:1.27"]);
});

for (
  const [text, code] of [
    ["localhost:5000/a/b", "INVALID_ARGUMENT"],
    [`oci://localhost:5000/a@${DIGEST}`, "INVALID_ARGUMENT"],
    ["A/B:v1", "INVALID_REFERENCE"],
    ["a@sha256:abc", "INVALID_REFERENCE"],
    ["", "INVALID_REFERENCE"],
  ] as const
) {
  Deno.test(`readImageOptions() refuses ${JSON.stringify(text.slice(0, 30))}`, async () => {
    const { resolve } = resolver();
    const error = await assertRejects(() => readImageOptions([text], { resolve }), OciPushError);
    assertEquals([error.code, error.terminal], [code, true]);
  });
}

Deno.test("overlayFreight() lays the command line over the files", () => {
  const image = { repoURL: APP, tag: "v2", digest: OTHER_DIGEST };
  const overlay = { ...NONE, images: [image] };
  assertEquals(overlayFreight([], overlay), [overlay]);
  const [first, second] = overlayFreight([freightOf(), freightOf({ name: "f2" })], overlay);
  assertEquals(first?.name, "f1");
  assertEquals(first?.images.map(({ repoURL }) => repoURL), ["registry.example.com/num", APP]);
  assertEquals(second?.images.map(({ repoURL }) => repoURL), ["registry.example.com/num"]);
  assertEquals(first?.charts.length, 3);
});
