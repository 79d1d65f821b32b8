import { assert, assertEquals, assertStringIncludes } from "../../lib/std/assert.ts";
import {
  asOciPushError,
  errorDocument,
  errorLines,
  githubErrorLine,
} from "../../lib/cli/output/error_lines.ts";
import { EXIT, exitCodeOf } from "../../lib/cli/exit_code.ts";
import { Interruption } from "../../lib/cli/interruption.ts";
import { printError } from "../../lib/cli/output/print_error.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { fakeIo } from "./_io.ts";

const plain = (_: string, text: string) => text;
/** What a registry may say to clear a screen, and to speak for a workflow. */
const HOSTILE = "denied\n::warning::pwned\r\n##[add-matcher]x\x1b[2J\x9b31m\u202eevil";

Deno.test("an error says what failed, what was tried, what to do, and how it stands", () => {
  const error = new OciPushError(
    "UNAUTHORIZED",
    "cannot log in to prod.example.com (destination)",
    {
      terminal: true,
      did: "credentials from ~/.docker/config.json",
      hint: "oci-push login prod.example.com",
    },
  );
  assertEquals(errorLines(error, { paint: plain, state: "Nothing was written." }), [
    "error: cannot log in to prod.example.com (destination)",
    "  did:  credentials from ~/.docker/config.json",
    "  try:  oci-push login prod.example.com",
    "  code: UNAUTHORIZED, final. Nothing was written.",
  ]);
});

Deno.test("an error that may pass says when another try is worth it, and how many there were", () => {
  const error = new OciPushError("RATE_LIMITED", "cannot read a", {
    terminal: false,
    attempts: 6,
    retryAfter: 60,
  });
  assertEquals(errorLines(error, { paint: plain }), [
    "error: cannot read a",
    "  did:  tried 6 times",
    "  code: RATE_LIMITED, worth another try in 1 min 0 s.",
  ]);
});

Deno.test("wrong usage is called that", () => {
  const error = new OciPushError("INVALID_REFERENCE", "cannot read reference", { terminal: true });
  assertEquals(
    errorLines(error, { paint: plain, isUsage: true }).at(-1),
    "  code: INVALID_REFERENCE, wrong usage.",
  );
});

Deno.test("a registry's words clear no screen and give a runner no commands", () => {
  const error = new OciPushError("DENIED", `cannot push: "${HOSTILE}"`, {
    terminal: true,
    hint: HOSTILE,
    did: HOSTILE,
  });
  const lines = [
    ...errorLines(error, { paint: plain, state: HOSTILE }),
    JSON.stringify(errorDocument(error)),
  ];
  for (const line of [...lines, githubErrorLine(error)]) {
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x1f\x7f-\x9f\u202e]|##\[/.test(line), line);
  }
  for (const line of lines) assert(!line.startsWith("::"), line);
});

Deno.test("what a runner would take for its own is escaped", () => {
  const error = new OciPushError("DENIED", "100 % sure\nnot", { terminal: true });
  assertEquals(githubErrorLine(error), "::error title=oci-push DENIED::100 %25 sure not");
});

Deno.test("a message of any length ends", () => {
  const error = new OciPushError("DENIED", "x".repeat(1_000_000), { terminal: true });
  assert(errorLines(error, { paint: plain })[0]!.length < 1100);
});

Deno.test("the document of an error has its facts, and whether the tag moved", () => {
  const error = new OciPushError("RATE_LIMITED", "cannot read a", {
    terminal: false,
    side: "destination",
    registry: "prod.example.com",
    status: 429,
    hint: "wait",
  });
  assertEquals(errorDocument(error), {
    error: {
      code: "RATE_LIMITED",
      message: "cannot read a",
      tagChanged: false,
      terminal: false,
      side: "destination",
      registry: "prod.example.com",
      status: 429,
      hint: "wait",
    },
  });
  assertEquals(errorDocument(error.with({ tagChanged: true })).error.tagChanged, true);
});

Deno.test("a missing permission is named", () => {
  const error = asOciPushError(
    new Deno.errors.NotCapable(
      'Requires read access to "a.pem", run again with the --allow-read flag',
    ),
  );
  assertEquals(
    [error.code, error.message, error.hint],
    [
      "PERMISSION",
      'cannot go on: Deno was not allowed read access to "a.pem"',
      "run it with --allow-read, or -A",
    ],
  );
});

Deno.test("anything else is a bug, and asks to be reported", () => {
  for (const thrown of [new TypeError("x is undefined"), "x is undefined", undefined]) {
    const error = asOciPushError(thrown);
    assertEquals([error.code, error.terminal], ["INTERNAL", true]);
    assertStringIncludes(error.message, "undefined");
    assertStringIncludes(error.hint!, "report");
  }
});

const codes: [error: unknown, code: number][] = [
  [new OciPushError("TAG_NOT_FOUND", "", { terminal: true }), EXIT.failed],
  [new OciPushError("INVALID_REFERENCE", "", { terminal: true }), EXIT.failed],
  [new OciPushError("INVALID_ARGUMENT", "", { terminal: true }), EXIT.usage],
  [new OciPushError("RATE_LIMITED", "", { terminal: false }), EXIT.retry],
  [new Interruption(130), 130],
  [new Interruption(143), 143],
  [new TypeError(""), EXIT.failed],
];
for (const [error, code] of codes) {
  Deno.test(`the exit code of ${error instanceof OciPushError ? error.code : error} is ${code}`, () => {
    assertEquals(exitCodeOf(error), code);
  });
}

for (const withStack of [false, true]) {
  Deno.test(`a bug ${withStack ? "shows" : "does not show"} where it is`, () => {
    const io = fakeIo();
    printError(new TypeError("x is undefined"), { io, format: "text", withStack });
    assertEquals(io.stderr().includes("error_lines_test.ts"), withStack);
    assertEquals(io.stdout(), "");
  });

  Deno.test(`a bug as a record ${withStack ? "shows" : "does not show"} where it is`, () => {
    const io = fakeIo({ env: { GITHUB_ACTIONS: "true" } });
    printError(new TypeError("x"), { io, format: "json", logFormat: "json", withStack });
    const { type, stack } = JSON.parse(io.stderr());
    assertEquals([type, stack?.[0].includes("error_lines_test.ts")], [
      "error",
      withStack || undefined,
    ]);
    assertEquals(JSON.parse(io.stdout()).error.code, "INTERNAL");
  });
}
