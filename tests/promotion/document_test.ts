/** Promotion documents: the forms they come in, and what is said of those that are wrong. */

import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { readDocument } from "../../lib/promotion/document.ts";

const STAGE = `apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata:
  creationTimestamp: "2025-01-02T03:04:05Z"
  name: prod
  namespace: demo
spec:
  requestedFreight:
  - origin: { kind: Warehouse, name: main }
  vars:
  - name: outer
    value: stage
  promotionTemplate:
    spec:
      vars:
      - name: inner
        value: template
      steps:
      - uses: oci-push
        as: push
        retry: { errorThreshold: 3, timeout: 1h30m }
        continueOnError: true
        if: \${{ always() }}
        vars:
        - name: own
          value: "1"
        config: { srcRef: a }
status:
  health: { status: Healthy }
`;

async function brief(text: unknown, stage?: string) {
  const document = await readDocument(text, stage === undefined ? {} : { stage });
  return {
    steps: document.steps.map(({ alias, uses }) => `${alias}: ${uses}`),
    vars: document.steps.map(({ outerVariables }) => outerVariables.map(({ name }) => name).join()),
    context: document.context,
  };
}

const forms: { what: string; input: unknown; stage?: string; is: unknown }[] = [
  {
    what: "a record with steps",
    input: "steps:\n- uses: oci-push\n- uses: kustomize-set-image\n  as: set\n",
    is: { steps: ["step-1: oci-push", "set: kustomize-set-image"], vars: ["", ""], context: {} },
  },
  {
    what: "a record with vars and steps",
    input: "vars:\n- name: a\n  value: b\nsteps:\n- uses: x\n",
    is: { steps: ["step-1: x"], vars: ["a"], context: {} },
  },
  {
    what: "a list of steps",
    input: "- uses: x\n- uses: z\n",
    is: { steps: ["step-1: x", "step-2: z"], vars: ["", ""], context: {} },
  },
  {
    what: "JSON",
    input: '{"steps": [{"uses": "x"}]}',
    is: { steps: ["step-1: x"], vars: [""], context: {} },
  },
  {
    what: "data of a program",
    input: { steps: [{ uses: "x", config: {} }] },
    is: { steps: ["step-1: x"], vars: [""], context: {} },
  },
  {
    what: "a Stage",
    input: STAGE,
    is: {
      steps: ["push: oci-push"],
      vars: ["outer,inner"],
      context: { project: "demo", stage: "prod" },
    },
  },
  {
    what: "the Stage that is meant among others",
    input: `${STAGE}---\n${
      STAGE.replace("name: prod", "name: test").replace("as: push", "as: p2")
    }`,
    stage: "test",
    is: {
      steps: ["p2: oci-push"],
      vars: ["outer,inner"],
      context: { project: "demo", stage: "test" },
    },
  },
  {
    what: "a Stage among documents of other kinds",
    input: `---\nkind: Warehouse\nspec: {}\n---\n${STAGE}---\nkind: Stage\nspec: {shard: x}\n---\n`,
    is: {
      steps: ["push: oci-push"],
      vars: ["outer,inner"],
      context: { project: "demo", stage: "prod" },
    },
  },
  {
    what: "a Stage in a List",
    input: `kind: List\nitems:\n- ${STAGE.trimEnd().replaceAll("\n", "\n  ")}\n`,
    is: {
      steps: ["push: oci-push"],
      vars: ["outer,inner"],
      context: { project: "demo", stage: "prod" },
    },
  },
  {
    what: "a PromotionTemplate",
    input: "kind: PromotionTemplate\nspec:\n  vars: []\n  steps:\n  - uses: x\n",
    is: { steps: ["step-1: x"], vars: [""], context: {} },
  },
  {
    what: "a Promotion, which names its stage",
    input: "kind: Promotion\nmetadata: {name: prod.01, namespace: demo}\nspec:\n  stage: prod\n" +
      "  freight: f1\n  steps:\n  - uses: x\n    as: x\n",
    is: {
      steps: ["x: x"],
      vars: [""],
      context: { project: "demo", stage: "prod", promotion: "prod.01" },
    },
  },
  {
    what: "a piece of a Stage without a kind",
    input: "promotionTemplate:\n  spec:\n    steps:\n    - uses: x\n",
    is: { steps: ["step-1: x"], vars: [""], context: {} },
  },
  {
    what: "several bare documents, one after the other, each with its own variables",
    input: "vars: [{name: a, value: b}]\nsteps:\n- uses: x\n---\n- uses: z\n",
    is: { steps: ["step-1: x", "step-2: z"], vars: ["a", ""], context: {} },
  },
  {
    what: "anchors, merges and nulls",
    input: "steps:\n- &a\n  uses: x\n  if:\n  vars: null\n- <<: *a\n  as: again\n",
    is: { steps: ["step-1: x", "again: x"], vars: ["", ""], context: {} },
  },
];

for (const { what, input, stage, is } of forms) {
  Deno.test(`readDocument() reads ${what}`, async () => {
    assertEquals(await brief(input, stage), is as Awaited<ReturnType<typeof brief>>);
  });
}

Deno.test("readDocument() reads every key of a step", async () => {
  const { steps: [step] } = await readDocument(STAGE);
  assertEquals(step?.config, { srcRef: "a" });
  assertEquals(step?.condition, "${{ always() }}");
  assertEquals(step?.continueOnError, true);
  assertEquals(step?.retry, { errorThreshold: 3, timeout: 5_400_000 });
  assertEquals(step?.variables.map(({ name, value }) => [name, value]), [["own", "1"]]);
});

const step = (lines: string) => `steps:\n- uses: x\n  ${lines.replaceAll("\n", "\n  ")}\n`;

const wrong: { text: string; problem: string; line?: number; path?: string; hint?: string }[] = [
  { text: "", problem: "there are no promotion steps in it, it is empty" },
  { text: "# only words\n", problem: "it is empty" },
  { text: "hello", problem: "a map with steps is wanted", line: 1 },
  { text: "steps: [", problem: "line 1 is no YAML", line: 1 },
  { text: "a: 1\nb: 2\na: 3\n", problem: "line 3 is no YAML: Map keys must be unique", line: 3 },
  {
    text: "kind: Warehouse\n---\nkind: Freight\n",
    problem: "it holds Warehouse, Freight",
    hint: "Stage with a promotionTemplate",
  },
  { text: "kind: PromotionTask\nspec:\n  steps: []\n", problem: "it holds PromotionTask" },
  { text: "steps: []\n", problem: "there are no steps in it" },
  { text: "vars: []\n", problem: '"steps" is missing' },
  {
    text: "steps: 5\n",
    problem: "a list is wanted, the number 5 was found",
    path: "steps",
    line: 1,
  },
  {
    text: "step:\n- uses: x\n",
    problem: 'there is no key "step" here',
    hint: "did you mean steps?",
    path: "step",
    line: 1,
  },
  {
    text: "- uses: x\n  cofig: {}\n",
    problem: 'there is no key "cofig" here',
    hint: "did you mean config?",
    path: "steps[0].cofig",
    line: 2,
  },
  { text: "- as: x\n", problem: '"uses" is missing', path: "steps[0]", line: 1 },
  { text: "- 5\n", problem: "a map is wanted, the number 5 was found", path: "steps[0]", line: 1 },
  {
    text: "steps:\n- uses: x\n\n- task:\n    name: t\n",
    problem: "a task is kept in a cluster",
    hint: "write the steps of the task",
    path: "steps[1].task",
    line: 4,
  },
  { text: step("as: step-3"), problem: '"step-3" is kept', path: "steps[0].as", line: 3 },
  { text: step("as: task-1"), problem: '"task-1" is kept', path: "steps[0].as", line: 3 },
  { text: step('as: " "'), problem: "at least one letter", line: 3 },
  {
    text: "- uses: x\n  as: a\n- uses: z\n  as: a\n",
    problem: 'an earlier step is called "a" already',
    path: "steps[1].as",
    line: 4,
  },
  {
    text: step("if: true"),
    problem: "a string is wanted, the boolean true was found",
    path: "steps[0].if",
    line: 3,
    hint: 'quotes to keep it as it is: "true"',
  },
  { text: step("uses: a"), problem: "Map keys must be unique", line: 3 },
  { text: step("continueOnError: maybe"), problem: 'true or false is wanted, the string "maybe"' },
  { text: step("retry: 3"), problem: "a map is wanted, the number 3 was found", line: 3 },
  {
    text: step("retry:\n  timeout: 5"),
    problem: "a string is wanted, the number 5 was found",
    path: "steps[0].retry.timeout",
    line: 4,
  },
  { text: step("retry: { timeout: soon }"), problem: '"soon" is no duration', line: 3 },
  { text: step("retry: { errorThreshold: -1 }"), problem: "a whole number is wanted" },
  { text: step("retry: { errorThreshold: 1.5 }"), problem: "a whole number is wanted" },
  { text: step("retry: { errorTreshold: 1 }"), problem: "errorTreshold", hint: "errorThreshold?" },
  { text: step("vars: { a: b }"), problem: "a list is wanted, a map was found", line: 3 },
  { text: step("vars: [{ value: b }]"), problem: '"name" is missing', path: "steps[0].vars[0]" },
  { text: step("vars: [{ name: a-b, value: c }]"), problem: '"a-b" cannot be a variable' },
  {
    text: step("vars:\n- name: a\n  value: b\n- name: a\n  value: c"),
    problem: 'the variable "a" stands twice',
    path: "steps[0].vars[1].name",
    line: 6,
  },
  {
    text: step("vars:\n- name: version\n  value: 1.20"),
    problem: "a string is wanted, the number 1.20 was found",
    path: "steps[0].vars[0].value",
    line: 5,
    hint: '"1.20"',
  },
  { text: step("vars: [{ name: a, value: 0x1f }]"), problem: "the number 0x1f was found" },
  { text: step("vars: [{ name: a, value: 1_000 }]"), problem: "the number 1_000 was found" },
  { text: step("vars: [{ name: a, value: .5 }]"), problem: "the number .5 was found" },
  { text: step("vars: [{ name: a, value: yes }]"), problem: "the boolean yes was found" },
  {
    text: step("vars: [{ name: a, value: 2024-01-02 }]"),
    problem: "the date 2024-01-02 was found",
  },
  { text: step("vars: [{ name: a, value: 12:30:45 }]"), problem: "the number 12:30:45 was found" },
  { text: step("vars: [{ name: a, value: !!binary aGk= }]"), problem: "a map was found" },
  {
    text: `${STAGE}---\n${STAGE.replace("name: prod", "name: test")}`,
    problem: "it holds 2 promotions: Stage prod, Stage test",
    hint: "--stage",
  },
  {
    text: STAGE.replace("as: push", "ass: push"),
    problem: 'there is no key "ass"',
    path: "spec.promotionTemplate.spec.steps[0].ass",
    line: 20,
  },
  {
    text: STAGE.replace("value: stage", "value: 1.0"),
    problem: "the number 1.0 was found",
    path: "spec.vars[0].value",
    line: 12,
  },
];

for (const { text, problem, line, path, hint } of wrong) {
  Deno.test(`readDocument() refuses ${JSON.stringify(text.slice(0, 70))}: ${problem}`, async () => {
    const error = await assertRejects(
      () => readDocument(text, { file: "p.yaml" }),
      OciPushError,
      problem,
    );
    assertEquals([error.code, error.terminal, error.details.file], [
      "INVALID_DOCUMENT",
      true,
      "p.yaml",
    ]);
    if (line !== undefined) assertEquals(error.details.line, line);
    if (path !== undefined) assertEquals(error.details.path, path);
    if (hint !== undefined) assertEquals(error.hint?.includes(hint), true, error.hint);
  });
}

Deno.test("a lone dot is this folder, and no number", async () => {
  const { steps } = await readDocument("- uses: kustomize-set-image\n  config: { path: . }\n");
  assertEquals(steps[0]?.config, { path: "." });
});

Deno.test("an error in data of a program has a path and no line", async () => {
  const error = await assertRejects(() => readDocument({ steps: [{ use: "x" }] }), OciPushError);
  assertEquals(error.message, 'cannot use steps[0].use: there is no key "use" here');
  assertEquals(error.details.line, undefined);
});
