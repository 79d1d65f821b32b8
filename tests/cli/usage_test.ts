import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../lib/std/assert.ts";
import { VERSION } from "../../lib/version.ts";
import { run } from "./_run.ts";

const ABSENT = `sha256:${"0".repeat(64)}`;

Deno.test("no arguments: usage and two examples on stderr, exit code 2", async () => {
  const { code, stdout, stderr } = await run([]);
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, "usage: oci-push COMMAND");
  assertEquals(stderr.match(/^ {2}oci-push /gm)?.length, 2);
});

for (const args of [["--version"], ["version"]]) {
  Deno.test(`${args} prints the version`, async () => {
    assertEquals(await run(args), { code: 0, stdout: `oci-push ${VERSION}\n`, stderr: "" });
  });
}

const helps = [
  ["--help"],
  ["-h"],
  ["help"],
  ...["copy", "cp", "plan", "promote", "serve", "demo", "login", "logout"].flatMap((name) => [
    [name, "--help"],
    ["help", name],
  ]),
  ["copy", "-h", "a", "b", "c"],
];
for (const args of helps) {
  Deno.test(`${args.join(" ")} fits into 80 columns and 45 lines, examples before flags`, async () => {
    const { code, stdout, stderr } = await run(args);
    assertEquals([code, stderr], [0, ""]);
    const lines = stdout.trimEnd().split("\n");
    assert(lines.length <= 45, `${lines.length} lines`);
    for (const line of lines) assert(line.length < 80, line);
    assertMatch(lines[0]!, /^usage: oci-push /);
    assertMatch(lines.at(-1)!, /^More: docs\/[\w-]+\.md$/);
    const example = lines.findIndex((line) => line.startsWith("  oci-push "));
    const flag = lines.findIndex((line) => /^ {2}(-\w, )?--/.test(line));
    assert(example > 0 && (flag < 0 || example < flag));
  });
}

Deno.test("every page that help names is there", async () => {
  for (const args of helps) {
    const { stdout } = await run(args);
    const [, page] = /^More: (.*)$/m.exec(stdout) ?? [];
    assert((await Deno.stat(new URL(`../../${page}`, import.meta.url))).isFile, page);
  }
});

const unusable: { args: string[]; says: string; tries: string }[] = [
  {
    args: ["copi"],
    says: "unknown command copi; did you mean copy?",
    tries: "oci-push --help lists the commands",
  },
  {
    args: ["toString"],
    says: "unknown command toString",
    tries: "oci-push --help lists the commands",
  },
  {
    args: ["--format", "json"],
    says: "the command comes before --format",
    tries: "oci-push --help lists the commands",
  },
  {
    args: ["copy", "--insecur", "a:b", "c:d"],
    says: "unknown flag --insecur; did you mean --insecure-skip-tls-verify?",
    tries: "--help lists the flags",
  },
  {
    args: ["copy", "a.example.com/a:b"],
    says: "cannot copy a.example.com/a:b: the destination is missing",
    tries: "name both: SRC HOST/PATH:TAG or HOST/PATH@DIGEST, DEST HOST/PATH:TAG",
  },
  {
    args: ["copy", "a.example.com/A:b", "b.example.com/a:b"],
    says: 'cannot read reference "a.example.com/A:b": repository names are lower-case, "A" is not',
    tries: "did you mean a?",
  },
  {
    args: ["plan", "a.example.com/a:b", `b.example.com/a:b@${ABSENT}`],
    says:
      `cannot copy to "b.example.com/a:b@${ABSENT}": a destination is named by a tag, its digest is what comes out`,
    tries: "leave @DIGEST out and name a tag",
  },
  {
    args: ["promote"],
    says: "cannot promote: no file is named",
    tries: "name the file with the steps",
  },
  {
    args: ["promote", "f", "--image", "a.example.com/A:b"],
    says: 'cannot read reference "a.example.com/A:b": repository names are lower-case, "A" is not',
    tries: "did you mean a?",
  },
  {
    args: ["serve", "folder"],
    says: 'cannot serve "folder": it takes no names',
    tries: "--dir DIR names a folder",
  },
  {
    args: ["serve", "--port", "65536"],
    says: 'cannot use --port: "65536" does not fit',
    tries: "write a whole number 0 to 65535",
  },
  { args: ["demo", "x"], says: "cannot demonstrate: demo takes no names", tries: "oci-push demo" },
  {
    args: ["login"],
    says: "cannot log in to a registry: none is named",
    tries: "name one host, e.g. registry.example.com or localhost:5000",
  },
  {
    args: ["login", "a.example.com/app"],
    says: 'cannot log in to "a.example.com/app": that is no host',
    tries: "name one host, e.g. registry.example.com or localhost:5000",
  },
  {
    args: ["login", "app"],
    says: 'cannot log in to "app": that is no host',
    tries: "name one host, e.g. registry.example.com or localhost:5000",
  },
  {
    args: ["login", "a.example.com", "--password-stdin"],
    says: "cannot log in: no user is named",
    tries: "write --username USER",
  },
  {
    args: ["logout", "a.example.com", "b.example.com"],
    says: 'cannot log out of "a.example.com b.example.com": that is no host',
    tries: "name one host, e.g. registry.example.com or localhost:5000",
  },
];
for (const { args, says, tries } of unusable) {
  Deno.test(`wrong usage: ${args.join(" ")}`, async () => {
    const { code, stdout, stderr } = await run(args);
    assertEquals([code, stdout], [2, ""]);
    const [error, hint, verdict] = stderr.split("\n");
    assertEquals([error, hint], [`error: ${says}`, `  try:  ${tries}`]);
    assertMatch(verdict!, /^ {2}code: INVALID_(ARGUMENT|REFERENCE), wrong usage\./);
  });
}

Deno.test("wrong usage is a document where one was asked for, wherever that stands", async () => {
  for (const format of [["--format", "json"], ["--format=json"]]) {
    const { code, stdout, stderr } = await run(["copy", "a", ...format]);
    assertEquals([code, stderr], [2, ""]);
    assertEquals(JSON.parse(stdout).error.code, "INVALID_ARGUMENT");
  }
});

Deno.test("wrong usage is a record where records were asked for, and nothing else", async () => {
  for (const format of [["--log-format", "json"], ["--log-format=json"]]) {
    const { code, stdout, stderr } = await run(["copy", "a", ...format]);
    const { type, code: word } = JSON.parse(stderr);
    assertEquals([code, stdout, type, word], [2, "", "error", "INVALID_ARGUMENT"]);
  }
});
