/** Steps by themselves, on real folders. */

import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { type ErrorCode, OciPushError } from "../../lib/oci/error.ts";
import type { Freight } from "../../lib/promotion/freight.ts";
import { FreightSet } from "../../lib/promotion/freight_set.ts";
import { runStep } from "../../lib/promotion/steps/registry.ts";
import type { StepContext } from "../../lib/promotion/steps/step_definition.ts";
import { APP, DIGEST, freightOf, OTHER_DIGEST, scripted } from "./_support.ts";

const TEXT = "# mine\nimages:\n- name: web # the web\n  newTag: v1\n";

/** A folder that is gone after the test, with files by their paths. */
async function folder(files: Record<string, string>) {
  const path = await Deno.makeTempDir({ prefix: "oci-push-test-" });
  for (const [name, text] of Object.entries(files)) {
    const at = `${path}/${name}`;
    await Deno.mkdir(at.slice(0, at.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(at, text);
  }
  return {
    path,
    read: (name: string) => Deno.readTextFile(`${path}/${name}`),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

function context(workdir: string, options: { freight?: Freight[]; dryRun?: boolean } = {}) {
  const { freight = [freightOf()], dryRun = false } = options;
  const context: StepContext = {
    workdir,
    freight: new FreightSet(freight),
    effects: scripted().effects,
    dryRun,
    signal: new AbortController().signal,
  };
  return context;
}

const uses = "kustomize-set-image";

for (const name of ["kustomization.yaml", "kustomization.yml", "Kustomization"]) {
  Deno.test(`kustomize-set-image finds ${name}`, async () => {
    await using dir = await folder({ [`out/${name}`]: TEXT });
    const config = { path: "./out", images: [{ image: "web", tag: "v2" }] };
    const outcome = await runStep({ uses, config }, context(dir.path));
    assertEquals(outcome, {
      output: { commitMessage: "Set image in ./out\n\n- web:v2" },
      summary: `out/${name} set`,
    });
    assertEquals(await dir.read(`out/${name}`), TEXT.replace("v1", "v2"));
    const beside = await Array.fromAsync(Deno.readDir(`${dir.path}/out`));
    assertEquals(beside.length, 1, "nothing is left beside it");
  });
}

Deno.test("kustomize-set-image goes by name, and by image where there is none", async () => {
  await using dir = await folder({ "kustomization.yaml": TEXT });
  const images = [
    { image: "registry.example.com/web", name: "web", newName: "prod/web", digest: DIGEST },
    { image: "api", tag: "1.0" },
  ];
  const { output } = await runStep({ uses, config: { path: ".", images } }, context(dir.path));
  assertEquals(
    await dir.read("kustomization.yaml"),
    `# mine\nimages:\n- name: api\n  newTag: "1.0"\n- name: web # the web\n  digest: ${DIGEST}\n` +
      "  newName: prod/web\n",
  );
  assertEquals(
    output.commitMessage,
    `Set 2 images in .\n\n- api:1.0\n- prod/web@${DIGEST}`,
  );
});

Deno.test("kustomize-set-image takes the freight's images by digest where it has none", async () => {
  for (const config of [{ path: "." }, { path: ".", images: [] }]) {
    await using dir = await folder({ "kustomization.yaml": "images: []\n" });
    const tagged = { repoURL: "z", tag: "v1" };
    const freight = [freightOf(), freightOf({ images: [tagged] })];
    await runStep({ uses, config }, context(dir.path, { freight }));
    assertEquals(
      await dir.read("kustomization.yaml"),
      `images:\n- name: ${APP}\n  digest: ${DIGEST}\n- name: registry.example.com/num\n` +
        `  digest: ${OTHER_DIGEST}\n- name: z\n  newTag: v1\n`,
    );
  }
});

Deno.test("an image without a tag and a digest is the freight's, or a new name alone", async () => {
  await using dir = await folder({ "kustomization.yaml": "" });
  const images = [{ image: APP, newName: "prod/app" }, { image: "other", newName: "prod/other" }];
  await runStep({ uses, config: { path: ".", images } }, context(dir.path));
  assertEquals(
    await dir.read("kustomization.yaml"),
    `images:\n- name: other\n  newName: prod/other\n- name: ${APP}\n  newName: prod/app\n` +
      `  digest: ${DIGEST}\n`,
  );
});

Deno.test("kustomize-set-image plans without writing, and leaves alone what is right", async () => {
  await using dir = await folder({ "kustomization.yaml": TEXT });
  const images = [{ image: "web", tag: "v2" }];
  const step = { uses, config: { path: ".", images } };
  const planned = await runStep(step, context(dir.path, { dryRun: true }));
  assertEquals(planned.plan, {
    file: "kustomization.yaml",
    isChanged: true,
    images: [{ name: "web", newTag: "v2" }],
  });
  assertEquals(await dir.read("kustomization.yaml"), TEXT);

  await runStep(step, context(dir.path));
  const before = await Deno.stat(`${dir.path}/kustomization.yaml`);
  const again = await runStep(step, context(dir.path));
  assertEquals(again.summary, "kustomization.yaml was so already");
  assertEquals((await Deno.stat(`${dir.path}/kustomization.yaml`)).ino, before.ino);
});

Deno.test("kustomize-set-image keeps the file's mode", async () => {
  await using dir = await folder({ "kustomization.yaml": TEXT });
  await Deno.chmod(`${dir.path}/kustomization.yaml`, 0o640);
  const config = { path: ".", images: [{ image: "web", tag: "v2" }] };
  await runStep({ uses, config }, context(dir.path));
  const { mode } = await Deno.stat(`${dir.path}/kustomization.yaml`);
  assertEquals((mode ?? 0) & 0o777, 0o640);
});

Deno.test("kustomize-set-image follows links inside the working directory only", async () => {
  await using dir = await folder({
    "work/base/kustomization.yaml": TEXT,
    "out/kustomization.yaml": TEXT,
  });
  const workdir = `${dir.path}/work`;
  await Deno.symlink("base", `${workdir}/inside`);
  await Deno.symlink("../out", `${workdir}/outside`);
  await Deno.mkdir(`${workdir}/file`);
  await Deno.symlink("../../out/kustomization.yaml", `${workdir}/file/kustomization.yaml`);
  await Deno.symlink("work", `${dir.path}/way`);
  const images = [{ image: "web", tag: "v2" }];

  await runStep({ uses, config: { path: "inside", images } }, context(`${dir.path}/way`));
  assertEquals(await dir.read("work/base/kustomization.yaml"), TEXT.replace("v1", "v2"));
  for (const path of ["outside", "file", "inside/../../out"]) {
    await assertRejects(
      () => runStep({ uses, config: { path, images } }, context(workdir)),
      OciPushError,
      "outside the working directory",
    );
  }
  assertEquals(await dir.read("out/kustomization.yaml"), TEXT);
});

const refused: {
  what: string;
  files: Record<string, string>;
  config: unknown;
  freight?: Freight[];
  code: ErrorCode;
  problem: string;
}[] = [
  {
    what: "a folder that is not there",
    files: {},
    config: { path: "nope", images: [{ image: "a", tag: "b" }] },
    code: "FILE",
    problem: 'cannot use "nope": it is not there',
  },
  {
    what: "a folder without a kustomization",
    files: { "out/kustomization.json": "{}" },
    config: { path: "out", images: [{ image: "a", tag: "b" }] },
    code: "FILE",
    problem: "there is no kustomization in it",
  },
  {
    what: "a folder with two kustomizations",
    files: { "kustomization.yaml": "", Kustomization: "" },
    config: { path: ".", images: [{ image: "a", tag: "b" }] },
    code: "FILE",
    problem: "more than one kustomization in it, kustomization.yaml and Kustomization",
  },
  {
    what: "an absolute path",
    files: {},
    config: { path: "/etc", images: [{ image: "a", tag: "b" }] },
    code: "INVALID_DOCUMENT",
    problem: "outside the working directory",
  },
  {
    what: "a kustomization that is none",
    files: { "kustomization.yaml": "- a\n" },
    config: { path: ".", images: [{ image: "a", tag: "b" }] },
    code: "INVALID_DOCUMENT",
    problem: "a kustomization is a map",
  },
  {
    what: "no images and no freight",
    files: { "kustomization.yaml": "" },
    config: { path: "." },
    freight: [],
    code: "STEP_FAILED",
    problem: "the freight has none",
  },
  {
    what: "freight in which an image is two",
    files: { "kustomization.yaml": "" },
    config: { path: "." },
    freight: [freightOf(), freightOf({ images: [{ repoURL: APP, digest: OTHER_DIGEST }] })],
    code: "STEP_FAILED",
    problem: "the freight has it more than once",
  },
  {
    what: "an image of which nothing is said",
    files: { "kustomization.yaml": "" },
    config: { path: ".", images: [{ image: "unknown" }] },
    code: "STEP_FAILED",
    problem: "no tag, no digest, and the freight does not know it",
  },
  {
    what: "an image without a name",
    files: { "kustomization.yaml": "" },
    config: { path: ".", images: [{ image: "", tag: "v1" }] },
    code: "INVALID_DOCUMENT",
    problem: "an image has a name",
  },
];

for (const { what, files, config, freight, code, problem } of refused) {
  Deno.test(`kustomize-set-image refuses ${what}`, async () => {
    await using dir = await folder(files);
    const options = freight === undefined ? {} : { freight };
    const error = await assertRejects(
      () => runStep({ uses, config }, context(dir.path, options)),
      OciPushError,
      problem,
    );
    assertEquals([error.code, error.terminal], [code, true]);
  });
}

Deno.test("runStep() checks a config as a document's would be", async () => {
  const step = { uses: "oci-push", config: { srcRef: "a/b:1", dstRef: "a/c:1" } };
  const error = await assertRejects(() => runStep(step, context(".")), OciPushError);
  assertEquals([error.details.path, error.hint], ["config.dstRef", "did you mean destRef?"]);
});

Deno.test("runStep() takes texts as they are", async () => {
  const { effects, calls } = scripted([{}]);
  const config = { srcRef: "a/b:1", destRef: "a/c:1", annotations: { a: "${{ nope }}" } };
  await runStep({ uses: "oci-push", config }, { ...context("."), effects });
  assertEquals(calls[0]?.annotations, { a: "${{ nope }}" });
});
