import { assert, assertEquals, assertMatch } from "../../lib/std/assert.ts";
import { Display, type DisplayClock, type DisplayOptions } from "../../lib/cli/output/display.ts";
import { progressStyle } from "../../lib/cli/output/style.ts";
import type { CopyEvent } from "../../lib/transfer/event.ts";
import { fakeIo, type FakeIoOptions } from "./_io.ts";
import { digest, plan } from "./_plan.ts";

const TERMINAL = { columns: 80, rows: 24 };
const planned: CopyEvent = { type: "planned", plan: plan() };

/** Time that passes when the test says so. */
function fakeClock(): DisplayClock & { pass(ms: number): void } {
  let now = 0;
  const timers = new Set<{ at: number; call: () => void }>();
  return {
    now: () => now,
    after(ms, call) {
      const timer = { at: now + ms, call };
      timers.add(timer);
      return { [Symbol.dispose]: () => void timers.delete(timer) };
    },
    pass(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers.delete(next);
        now = next.at;
        next.call();
      }
      now = end;
    },
  };
}

function start(options: DisplayOptions = {}, world: FakeIoOptions = {}) {
  const io = fakeIo(world);
  const clock = fakeClock();
  return { io, clock, display: new Display(io, options, clock) };
}

function blobDone(character: string): CopyEvent {
  const size = 1024 ** 2;
  return { type: "blob-done", digest: digest(character), size, outcome: "transferred", sent: size };
}

function waiting(registry: string, ms: number, attempt = 2): CopyEvent {
  return { type: "wait", registry, reason: "429", ms, attempt, attempts: 6 };
}

Deno.test("a terminal sees nothing of a copy under 300 ms", () => {
  const { io, clock, display } = start({}, { terminal: TERMINAL });
  display.take(planned);
  clock.pass(299);
  display[Symbol.dispose]();
  assertEquals(io.stderr(), "");
});

Deno.test("a terminal gets ten frames a second, and none is left behind", () => {
  const { io, clock, display } = start({}, { terminal: TERMINAL });
  display.take(planned);
  clock.pass(1250);
  display[Symbol.dispose]();
  clock.pass(5000);
  assertEquals(io.stderr().split("\x1b[?25l").length - 1, 10); // 300, 400, … 1200
  assertEquals(io.stderr().split("\x1b[?25h").length - 1, 10);
  assert(io.stderr().endsWith("\r\x1b[2K\x1b[1A\x1b[2K\x1b[1A\x1b[2K")); // two lines were drawn last
});

Deno.test("a frame that a narrower terminal has wrapped is taken away whole", () => {
  const terminal = { ...TERMINAL };
  const { io, clock, display } = start({}, { terminal });
  display.take(planned);
  clock.pass(300); // 27 and 29 characters
  terminal.columns = 20;
  display[Symbol.dispose]();
  assert(io.stderr().endsWith(`\r\x1b[2K${"\x1b[1A\x1b[2K".repeat(4)}`));
});

Deno.test("a line is written above the frame, never into it", () => {
  const { io, clock, display } = start({ verbose: 1 }, { terminal: TERMINAL });
  display.take(planned);
  clock.pass(300);
  const before = io.stderr().length;
  display.take(blobDone("1"));
  assertEquals(
    io.stderr().slice(before),
    "\r\x1b[2K\x1b[1A\x1b[2K\x1b[1A\x1b[2Ksha256:111111111111  transferred, 1.0 MiB\n",
  );
});

Deno.test("without a terminal there is a line after 10 s, then every 30 s", () => {
  const { io, clock, display } = start();
  display.take(planned);
  clock.pass(9_999);
  assertEquals(io.stderr(), "");
  clock.pass(60_002);
  display[Symbol.dispose]();
  clock.pass(60_000);
  const lines = io.stderr().trimEnd().split("\n");
  assertEquals(lines.length, 3);
  for (const line of lines) assertMatch(line, /^0 % +0\.0\/100 MiB +0\/4 blobs/);
});

Deno.test("nothing is said of progress while nobody has answered", () => {
  const { io, clock } = start();
  clock.pass(45_000);
  assertEquals(io.stderr(), "");
});

const styles: {
  does: string;
  world: FakeIoOptions;
  asked?: "auto" | "plain" | "none";
  style: string;
}[] = [
  { does: "a terminal", world: { terminal: TERMINAL }, style: "drawn" },
  { does: "a pipe", world: {}, style: "lines" },
  {
    does: "a terminal of a CI",
    world: { terminal: TERMINAL, env: { CI: "true" } },
    style: "lines",
  },
  { does: "a dumb terminal", world: { terminal: TERMINAL, env: { TERM: "dumb" } }, style: "lines" },
  {
    does: "a terminal, asked for plain",
    world: { terminal: TERMINAL },
    asked: "plain",
    style: "lines",
  },
  {
    does: "a terminal, asked for none",
    world: { terminal: TERMINAL },
    asked: "none",
    style: "none",
  },
  {
    does: "a terminal without colours",
    world: { terminal: TERMINAL, env: { NO_COLOR: "1" } },
    style: "drawn",
  },
];
for (const { does, world, asked, style } of styles) {
  Deno.test(`progress for ${does} is ${style}`, () => {
    assertEquals(progressStyle(fakeIo(world), asked), style as never);
  });
}

const colours: {
  color?: "auto" | "always" | "never";
  world: FakeIoOptions;
  isColoured: boolean;
}[] = [
  { world: { terminal: TERMINAL }, isColoured: true },
  { world: {}, isColoured: false },
  { world: { terminal: TERMINAL, env: { NO_COLOR: "1" } }, isColoured: false },
  { world: { terminal: TERMINAL, env: { NO_COLOR: "" } }, isColoured: true },
  { world: { terminal: TERMINAL, env: { TERM: "dumb" } }, isColoured: false },
  { color: "never", world: { terminal: TERMINAL }, isColoured: false },
  { color: "always", world: { env: { NO_COLOR: "1" } }, isColoured: true },
];
for (const { color, world, isColoured } of colours) {
  Deno.test(`colours: --color ${color} with ${JSON.stringify(world)}`, () => {
    const { io, display } = start({ color }, world);
    display.warn({ message: "beware" });
    assertEquals(
      io.stderr(),
      isColoured ? "\x1b[33mwarning:\x1b[0m beware\n" : "warning: beware\n",
    );
  });
}

const verbosities: { options: DisplayOptions; lines: string[] }[] = [
  { options: { quiet: true }, lines: [] },
  { options: {}, lines: ["note: n", "warning: w", "s"] },
  {
    options: { verbose: 1 },
    lines: ["sha256:111111111111  transferred, 1.0 MiB", "note: n", "warning: w", "s"],
  },
  {
    options: { verbose: 2 },
    lines: [
      "GET https://prod.example.com/v2/ no answer 3 ms",
      "sha256:111111111111  transferred, 1.0 MiB",
      "note: n",
      "warning: w",
      "s",
    ],
  },
];
for (const { options, lines } of verbosities) {
  Deno.test(`stderr with ${JSON.stringify(options)}`, () => {
    const { io, display } = start(options);
    display.take(planned);
    display.take({
      type: "request",
      registry: "prod.example.com",
      method: "GET",
      url: "https://prod.example.com/v2/",
      status: 0,
      ms: 3,
    });
    display.take(blobDone("1"));
    display.take(waiting("prod.example.com", 1));
    display.note("n");
    display.warn({ code: "TAG_MOVED", message: "w" });
    display.say("s");
    assertEquals(
      io.stderr().trimEnd().split("\n").filter((line) => line !== "" && !line.includes("wait")),
      lines,
    );
  });
}

Deno.test("a wait of over two seconds is said once, however many wait", () => {
  const { io, clock, display } = start();
  display.take(waiting("prod.example.com", 1900));
  display.take(waiting("prod.example.com", 60_000));
  for (let i = 0; i < 30; i++) display.take(waiting("prod.example.com", 60_100));
  display.take(waiting("sandbox.example.com", 4000));
  clock.pass(60_000);
  display.take(waiting("prod.example.com", 5000, 3));
  assertEquals(
    io.stderr(),
    [
      "prod.example.com asks to wait 1 min 0 s (429), attempt 2 of 6",
      "sandbox.example.com asks to wait 4.0 s (429), attempt 2 of 6",
      "prod.example.com asks to wait 5.0 s (429), attempt 3 of 6",
      "",
    ].join("\n"),
  );
});

Deno.test("other waits say what is wrong", () => {
  const { io, display } = start();
  const wait = { type: "wait", ms: 3000, attempt: 2, attempts: 6 } as const;
  display.take({ ...wait, registry: "a.example.com", reason: "503" });
  display.take({ ...wait, registry: "b.example.com", reason: "connection broke\x1b[2J" });
  assertEquals(
    io.stderr(),
    [
      "a.example.com is not well (503), next try in 3.0 s, attempt 2 of 6",
      "b.example.com: connection broke\\x1b[2J, next try in 3.0 s, attempt 2 of 6",
      "",
    ].join("\n"),
  );
});

Deno.test("--log-format json writes a record a line, without frames and documents", () => {
  const { io, clock, display } = start({ logFormat: "json" }, { terminal: TERMINAL });
  display.take(planned);
  clock.pass(45_000);
  display.take(blobDone("1"));
  display.note("n");
  display.warn({ code: "TAG_MOVED", message: "w" });
  display.say("s");
  const records = io.stderr().trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(records.map(({ type }) => type), [
    "planned",
    "blob-done",
    "note",
    "warning",
    "summary",
  ]);
  assertEquals(records[0].plan.manifests[0].bytes, undefined);
  assertEquals(records[3].code, "TAG_MOVED");
  for (const { time } of records) assertMatch(time, /^\d{4}-\d\d-\d\dT/);
});
