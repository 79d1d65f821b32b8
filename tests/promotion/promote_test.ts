/** Whole promotions with scripted effects: order, conditions, failures, variables, interruptions. */

import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { describeResult, type PromotionResult } from "../../lib/promotion/event.ts";
import { promote, type PromoteOptions } from "../../lib/promotion/promote.ts";
import {
  type Answer,
  APP,
  DIGEST,
  FAILURES,
  fakeClock,
  freightOf,
  OTHER_DIGEST,
  recorder,
  scripted,
} from "./_support.ts";

const { final, passing } = FAILURES;

/** A step that pushes, for short documents. */
function push(alias: string, more: Record<string, unknown> = {}, config: object = {}) {
  return {
    uses: "oci-push",
    as: alias,
    config: { srcRef: "a/b:1", destRef: `a/${alias}:1`, ...config },
    ...more,
  };
}

async function run(
  document: unknown,
  answers: Answer[],
  options: Partial<PromoteOptions> = {},
) {
  const { effects, calls, left } = scripted(answers);
  const clock = fakeClock();
  const { lines, onEvent } = recorder();
  const result = await promote(document, {
    effects,
    clock,
    onEvent,
    freight: [freightOf()],
    ...options,
  });
  assertEquals(left, [], "every scripted answer was asked for");
  return { result, calls, lines, clock };
}

const statuses = ({ status, steps }: PromotionResult) =>
  `${status}: ${steps.map(({ status }) => status).join(" ")}`;

const flows: { does: string; steps: object[]; answers: Answer[]; is: string }[] = [
  {
    does: "runs its steps in order",
    steps: [push("one"), push("two")],
    answers: [{}, {}],
    is: "Succeeded: Succeeded Succeeded",
  },
  {
    does: "skips what comes after a failure",
    steps: [push("one"), push("two"), push("three")],
    answers: [{}, final],
    is: "Failed: Succeeded Failed Skipped",
  },
  {
    does: "tells what is worth another try from what is final",
    steps: [push("one"), push("two")],
    answers: [passing],
    is: "Errored: Errored Skipped",
  },
  {
    does: "calls it final when anything is",
    steps: [push("one"), push("two", { if: "${{ always() }}" })],
    answers: [passing, final],
    is: "Failed: Errored Failed",
  },
  {
    does: "goes on after a failure that is allowed",
    steps: [push("one", { continueOnError: true }), push("two")],
    answers: [final, {}],
    is: "Succeeded: Failed Succeeded",
  },
  {
    does: "does not count an allowed failure for success() and failure()",
    steps: [
      push("one", { continueOnError: true }),
      push("two", { if: "${{ failure() }}" }),
      push("three", { if: "${{ success() }}" }),
    ],
    answers: [final, {}],
    is: "Succeeded: Failed Skipped Succeeded",
  },
  {
    does: "runs what is meant for failures after one",
    steps: [
      push("one"),
      push("two", { if: "${{ failure() }}" }),
      push("three", { if: "${{ always() }}" }),
      push("four", { if: "${{ success() }}" }),
      push("five", { if: "${{ status('one') == 'Failed' }}" }),
    ],
    answers: [final, {}, {}, {}],
    is: "Failed: Failed Succeeded Succeeded Skipped Succeeded",
  },
  {
    does: "skips what its condition does not want, and goes on",
    steps: [push("one", { if: "${{ ctx.stage == 'test' }}" }), push("two")],
    answers: [{}],
    is: "Succeeded: Skipped Succeeded",
  },
  {
    does: "fails a step whose expressions fail late",
    steps: [push("one"), push("two", {}, { srcRef: "a:${{ outputs.one.nope }}" }), push("three")],
    answers: [{}],
    is: "Failed: Succeeded Failed Skipped",
  },
  {
    does: "fails a step whose late reference is none",
    steps: [push("one"), push("two", {}, { srcRef: "a${{ outputs.one.tag }}" })],
    answers: [{ tag: " nonsense" }],
    is: "Failed: Succeeded Failed",
  },
  {
    does: "can look at a step that was skipped",
    steps: [
      push("one", { if: "${{ false }}" }),
      push("two", {}, { srcRef: "a/b:${{ outputs.one?.tag ?? 'latest' }}" }),
    ],
    answers: [{}],
    is: "Succeeded: Skipped Succeeded",
  },
];

for (const { does, steps, answers, is } of flows) {
  Deno.test(`promote() ${does}`, async () => {
    const { result } = await run({ steps }, answers, { ctx: { stage: "prod" } });
    assertEquals(statuses(result), is);
  });
}

Deno.test("promote() hands outputs on and keeps strings strings", async () => {
  const document = `
vars:
- name: tag
  value: \${{ imageFrom("registry.example.com/num").tag }}
steps:
- uses: oci-push
  as: first-push
  config:
    srcRef: registry.example.com/num@\${{ imageFrom("registry.example.com/num").digest }}
    destRef: prod.example.com/num:\${{ vars.tag }}
    annotations:
      version: \${{ vars.tag }}
      flag: \${{ true }}
      hex: \${{ "0x1f" }}
      count: \${{ quote(42) }}
      list: \${{ ["a"] }}
- uses: oci-push
  config:
    srcRef: prod.example.com/num@\${{ outputs["first-push"].digest }}
    destRef: \${{ outputs["first-push"].image }}-final
    insecureSkipTLSVerify: \${{ vars.insecure }}
`;
  const { result, calls } = await run(document, [{ digest: OTHER_DIGEST }, {}], {
    vars: { insecure: "true" },
  });
  assertEquals(calls, [{
    srcRef: `registry.example.com/num@${OTHER_DIGEST}`,
    destRef: "prod.example.com/num:1.20",
    annotations: { version: "1.20", flag: "true", hex: "0x1f", count: "42", list: '["a"]' },
    dryRun: false,
  }, {
    srcRef: `prod.example.com/num@${OTHER_DIGEST}`,
    destRef: "prod.example.com/num:1.20-final",
    insecureSkipTLSVerify: true,
    dryRun: false,
  }]);
  assertEquals(result.steps, [{
    alias: "first-push",
    uses: "oci-push",
    status: "Succeeded",
    output: { image: "prod.example.com/num:1.20", digest: OTHER_DIGEST, tag: "1.20" },
  }, {
    alias: "step-2",
    uses: "oci-push",
    status: "Succeeded",
    output: { image: "prod.example.com/num:1.20-final", digest: DIGEST, tag: "1.20-final" },
  }]);
});

Deno.test("a step's variable goes before the command line's, that before the document's", async () => {
  const document = {
    vars: [
      { name: "a", value: "document" },
      { name: "b", value: "document-${{ vars.a }}" },
      { name: "c", value: "${{ imageFrom('none').tag }}" },
    ],
    steps: [
      push("one", { vars: [{ name: "a", value: "step-${{ vars.a }}" }] }, {
        destRef: "x/${{ vars.a }}/${{ vars.b }}:${{ vars.c }}",
      }),
      push("two", {}, { destRef: "x/${{ vars.a }}:${{ vars.c }}" }),
    ],
  };
  const { calls } = await run(document, [{}, {}], { vars: { a: "cli", c: "given" } });
  assertEquals(calls.map(({ destRef }) => destRef), [
    "x/step-cli/document-cli:given",
    "x/cli:given",
  ]);
});

Deno.test("a step's variables may hold outputs, the document's may not", async () => {
  const vars = [{ name: "d", value: "${{ outputs.one.digest }}" }];
  const steps = [push("one"), push("two", { vars }, { srcRef: "a/b@${{ vars.d }}" })];
  const { calls } = await run({ steps }, [{}, {}]);
  assertEquals(calls[1]?.srcRef, `a/b@${DIGEST}`);
  const document = { vars, steps: [push("one"), push("two")] };
  const error = await assertRejects(() => run(document, []), OciPushError, "outputs is not known");
  assertEquals(error.details.path, "vars[0].value");
});

Deno.test("a Stage says its own name and project, unless somebody else does", async () => {
  const stage = {
    kind: "Stage",
    metadata: { name: "prod", namespace: "demo" },
    spec: {
      promotionTemplate: {
        spec: { steps: [push("one", {}, { destRef: "${{ ctx.project }}/${{ ctx.stage }}:1" })] },
      },
    },
  };
  assertEquals((await run(stage, [{}])).calls[0]?.destRef, "demo/prod:1");
  const { calls } = await run(stage, [{}], { ctx: { stage: "test" } });
  assertEquals(calls[0]?.destRef, "demo/test:1");
});

Deno.test("the target freight is the first, or the one that is named", async () => {
  const document = { steps: [push("one", {}, { destRef: "a/b:${{ ctx.targetFreight.name }}" })] };
  const other = freightOf({ name: "f2", alias: "brave-bee", images: [], charts: [], commits: [] });
  const freight = [freightOf(), other];
  assertEquals((await run(document, [{}], { freight })).calls[0]?.destRef, "a/b:f1");
  const named = await run(document, [{}], { freight, targetFreight: "brave-bee" });
  assertEquals(named.calls[0]?.destRef, "a/b:f2");
  const error = await assertRejects(
    () => run(document, [], { freight, targetFreight: "f3" }),
    OciPushError,
    '"f3"',
  );
  assertEquals([error.code, error.hint], ["INVALID_ARGUMENT", "the freight that was: f1, f2"]);
});

const early: { what: string; steps: object[]; problem: string; path: string }[] = [
  {
    what: "an unknown step",
    steps: [push("one"), { uses: "oci-psh" }],
    problem: 'there is no step "oci-psh" here',
    path: "steps[1].uses",
  },
  {
    what: "a step of Kargo's that is not here",
    steps: [push("one"), { uses: "argocd-update" }],
    problem: 'there is no step "argocd-update" here',
    path: "steps[1].uses",
  },
  {
    what: "an unknown key in a config",
    steps: [push("one"), push("two", {}, { annotation: {} })],
    problem: 'there is no key "annotation" here',
    path: "steps[1].config.annotation",
  },
  {
    what: "a missing key in a config",
    steps: [push("one"), { uses: "oci-push", config: { srcRef: "a/b:1" } }],
    problem: '"destRef" is missing',
    path: "steps[1].config",
  },
  {
    what: "a config that is none",
    steps: [push("one"), { uses: "oci-push", config: [] }],
    problem: "a map is wanted, a list was found",
    path: "steps[1].config",
  },
  {
    what: "an annotation that is a number",
    steps: [push("one", {}, { annotations: { "a.b/c": 1.2 } })],
    problem: "a string is wanted, the number 1.2 was found",
    path: 'steps[0].config.annotations["a.b/c"]',
  },
  {
    what: "a boolean that is none",
    steps: [push("one", {}, { insecureSkipTLSVerify: "${{ 'yes' }}" })],
    problem: 'true or false is wanted, the string "yes" was found',
    path: "steps[0].config.insecureSkipTLSVerify",
  },
  {
    what: "a source without a tag",
    steps: [push("one"), push("two", {}, { srcRef: "a/b" })],
    problem: '"a/b" has neither a tag nor a digest',
    path: "steps[1].config.srcRef",
  },
  {
    what: "a destination without a tag",
    steps: [push("one"), push("two", {}, { destRef: "oci://a.example.com/b" })],
    problem: '"oci://a.example.com/b" has no tag',
    path: "steps[1].config.destRef",
  },
  {
    what: "a destination with a digest",
    steps: [push("one"), push("two", {}, { destRef: `a/b:c@${DIGEST}` })],
    problem: "has a digest, which cannot be chosen",
    path: "steps[1].config.destRef",
  },
  {
    what: "a reference that does not parse",
    steps: [push("one"), push("two", {}, { srcRef: "https://a/b:c" })],
    problem: 'a reference has no "https://"',
    path: "steps[1].config.srcRef",
  },
  {
    what: "a missing value",
    steps: [push("one"), push("two", {}, { srcRef: "a/b:${{ vars.typo }}" })],
    problem: 'vars has no "typo"',
    path: "steps[1].config.srcRef",
  },
  {
    what: "an unknown alias, though no step has run",
    steps: [push("one"), push("two", {}, { srcRef: "a/b@${{ outputs.oen.digest }}" })],
    problem: 'there is no step "oen"',
    path: "steps[1].config.srcRef",
  },
  {
    what: "the output of a later step",
    steps: [push("one", {}, { srcRef: "a/b@${{ outputs.two.digest }}" }), push("two")],
    problem: 'step "two" has not run by then',
    path: "steps[0].config.srcRef",
  },
  {
    what: "a condition without its braces",
    steps: [push("one"), push("two", { if: "success()" })],
    problem: 'a condition is true or false, this is "success()"',
    path: "steps[1].if",
  },
  {
    what: "a condition that is a string",
    steps: [push("one"), push("two", { if: "${{ 'no' }}" })],
    problem: 'a condition is true or false, this is "no"',
    path: "steps[1].if",
  },
  {
    what: "an expression of a step that will not run, if it does not parse",
    steps: [push("one"), push("two", { if: "${{ false }}" }, { srcRef: "a:${{ 1 + }}" })],
    problem: "it ends too early",
    path: "steps[1].config.srcRef",
  },
  {
    what: "a variable of a step that will not run, if it does not parse",
    steps: [
      push("one"),
      push("two", { if: "${{ false }}", vars: [{ name: "a", value: "${{ ( }}" }] }),
    ],
    problem: "is not closed",
    path: "steps[1].vars[0].value",
  },
  {
    what: "a folder outside the working directory",
    steps: [push("one"), { uses: "kustomize-set-image", config: { path: "a/../../b" } }],
    problem: '"a/../../b" is outside the working directory',
    path: "steps[1].config.path",
  },
  {
    what: "an image with a tag and a digest",
    steps: [{
      uses: "kustomize-set-image",
      config: { path: ".", images: [{ image: "a" }, { image: "b", tag: "c", digest: DIGEST }] },
    }],
    problem: "one of them is wanted",
    path: "steps[0].config.images[1]",
  },
  {
    what: "an image with a digest that is a number",
    steps: [{
      uses: "kustomize-set-image",
      config: { path: ".", images: [{ image: "b", digest: 1 }] },
    }],
    problem: "a string is wanted, the number 1 was found",
    path: "steps[0].config.images[0].digest",
  },
];

for (const { what, steps, problem, path } of early) {
  Deno.test(`promote() refuses ${what} before anything runs`, async () => {
    const { effects, calls } = scripted();
    const error = await assertRejects(
      () => promote({ steps }, { effects, freight: [freightOf()] }),
      OciPushError,
      problem,
    );
    assertEquals([error.details.path, error.terminal, calls], [path, true, []]);
  });
}

Deno.test("promote() refuses a variable that cannot be one", async () => {
  const { effects } = scripted();
  const error = await assertRejects(
    () => promote({ steps: [push("one")] }, { effects, vars: { "a-b": "c" } }),
    OciPushError,
  );
  assertEquals(error.code, "INVALID_ARGUMENT");
});

Deno.test("what a step asks for need not be there if it will not run", async () => {
  const skipped = push("one", { if: "${{ imageFrom('none') != nil }}" }, {
    srcRef: "a/b@${{ imageFrom('none').digest }}",
  });
  const { result } = await run({ steps: [skipped, push("two")] }, [{}]);
  assertEquals(statuses(result), "Succeeded: Skipped Succeeded");
});

Deno.test("promote() tries again as often as the step says, and tells so", async () => {
  const steps = [push("one", { retry: { errorThreshold: 3 } }), push("two")];
  const { result, lines, clock } = await run({ steps }, [passing, passing, {}, {}]);
  assertEquals(statuses(result), "Succeeded: Succeeded Succeeded");
  assertEquals(clock.waits, [1000, 2000]);
  assertEquals(lines, [
    "start one (oci-push)",
    "retry one in 1000 ms",
    "retry one in 2000 ms",
    "end one: Succeeded after 3000 ms",
    "start two (oci-push)",
    "end two: Succeeded after 0 ms",
  ]);
});

Deno.test("retry.timeout ends a request that hangs, and the step is Errored", async () => {
  const clock = fakeClock({ deadline: 2000 });
  const hangs: Answer = (_, { signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      queueMicrotask(clock.expire);
    });
  const steps = [push("one", { retry: { timeout: "2s", errorThreshold: 9 } }), push("two")];
  const { result } = await run({ steps }, [hangs], { clock });
  assertEquals(statuses(result), "Errored: Errored Skipped");
  assertEquals(result.steps[0]?.error?.code, "TIMEOUT");
});

Deno.test("an interruption says which steps were done", async () => {
  const controller = new AbortController();
  const reason = new DOMException("SIGINT", "AbortError");
  const interrupted: Answer = (_, { signal }) => {
    controller.abort(reason);
    return Promise.reject(signal.reason);
  };
  const steps = [
    push("one"),
    push("two", { retry: { errorThreshold: 5 } }),
    push("three", { if: "${{ always() }}" }),
  ];
  const { result, lines } = await run({ steps }, [{}, interrupted], { signal: controller.signal });
  assertEquals(statuses(result), "Aborted: Succeeded Aborted Skipped");
  assertEquals(describeResult(result), "done: one; interrupted: two; not run: three");
  assertEquals(lines.at(-1), "end three: Skipped after 0 ms");
});

Deno.test("an interruption between two steps leaves the first as it is", async () => {
  const controller = new AbortController();
  const done: Answer = (config) => {
    controller.abort();
    return Promise.resolve({ image: config.destRef, digest: DIGEST, tag: "1" });
  };
  const { result } = await run({ steps: [push("one"), push("two")] }, [done], {
    signal: controller.signal,
  });
  assertEquals(statuses(result), "Aborted: Succeeded Skipped");
  const last = await run({ steps: [push("one")] }, [done], {
    signal: new AbortController().signal,
  });
  assertEquals(statuses(last.result), "Succeeded: Succeeded");
});

Deno.test("a signal that fired before runs nothing", async () => {
  const { result } = await run({ steps: [push("one")] }, [], { signal: AbortSignal.abort() });
  assertEquals(statuses(result), "Aborted: Skipped");
});

Deno.test("an error of a step is plain data with its code", async () => {
  const { result } = await run({ steps: [push("one")] }, [final]);
  assertEquals(result, {
    status: "Failed",
    steps: [{
      alias: "one",
      uses: "oci-push",
      status: "Failed",
      output: {},
      error: { code: "DENIED", message: "cannot push: denied", terminal: true },
    }],
  });
  assertEquals(JSON.parse(JSON.stringify(result)), result);
});

Deno.test("what was not foreseen is an error of ours too", async () => {
  const { result } = await run({ steps: [push("one")] }, [
    () => Promise.reject(new TypeError("x")),
  ]);
  assertEquals(result.steps[0]?.error?.code, "INTERNAL");
});

Deno.test("a dry run shows configs and plans, and later steps see what would be", async () => {
  const steps = [
    push("one", {}, { srcRef: `${APP}@\${{ imageFrom('${APP}').digest }}` }),
    push("two", { if: "${{ success() }}" }, { srcRef: "a/b@${{ outputs.one.digest }}" }),
  ];
  const plan = { mode: "copy" };
  const answers = [{ plan, digest: OTHER_DIGEST }, { plan: { mode: "retag" } }];
  const { result, calls } = await run({ steps }, answers, { dryRun: true });
  assertEquals(calls.map(({ dryRun }) => dryRun), [true, true]);
  assertEquals(result.steps.map(({ config }) => config), [
    { srcRef: `${APP}@${DIGEST}`, destRef: "a/one:1" },
    { srcRef: `a/b@${OTHER_DIGEST}`, destRef: "a/two:1" },
  ]);
  assertEquals(result.steps.map(({ plan }) => plan), [plan, { mode: "retag" }]);
});

Deno.test("a dry run shows the config of a step that would fail", async () => {
  const { result } = await run({ steps: [push("one")] }, [final], { dryRun: true });
  assertEquals(result.steps[0]?.config, { srcRef: "a/b:1", destRef: "a/one:1" });
  assertEquals(result.steps[0]?.error?.code, "DENIED");
});

Deno.test("variables cannot grow without end, nor hold themselves", async () => {
  const grown = (value: string) =>
    Array.from({ length: 100 }, (_, index) => ({
      name: `v${index}`,
      value: index === 0 ? "a" : value.replaceAll("LAST", `vars.v${index - 1}`),
    }));
  for (const value of ["${{ LAST + LAST }}", "${{ [LAST, LAST] }}", "${{ LAST }}${{ LAST }}"]) {
    const document = { vars: grown(value), steps: [push("one")] };
    await assertRejects(() => run(document, []), OciPushError, "than 65536 characters");
  }
  const vars = [
    { name: "x", value: "${{ {a: vars} }}" },
    { name: "y", value: "${{ {a: vars} }}" },
    { name: "z", value: "${{ vars }}" },
  ];
  const text = { annotations: { all: "${{ vars }}", same: "${{ vars.x == vars.y }}" } };
  const { calls } = await run({ vars, steps: [push("one", { vars }, text)] }, [{}]);
  assertEquals(calls[0]?.annotations?.same, "false");
  assertEquals(calls[0]?.annotations?.all?.startsWith('{"x":{"a":{"x":{"a":{}}'), true);
});

Deno.test("a list has at most a thousand items", async () => {
  const steps = Array.from({ length: 1001 }, (_, index) => push(`s${index}`));
  const error = await assertRejects(() => run({ steps }, []), OciPushError, "at most 1000 items");
  assertEquals(error.details.path, "steps");
});
