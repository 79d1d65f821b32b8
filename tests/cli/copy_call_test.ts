import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { type CopyCall, type CopyFlags, readCopyCall } from "../../lib/cli/copy_call.ts";
import { connectionOptions } from "../../lib/cli/connection.ts";
import { ANNOTATION, BOTH, DESTINATION, OUTPUT, SOURCE, TRANSFER } from "../../lib/cli/flags.ts";
import { readWords } from "../../lib/cli/words.ts";
import type { CopyOptions, CopyRequest } from "../../lib/copy_request.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { fakeIo, type FakeIoOptions } from "./_io.ts";

const FLAGS: CopyFlags = {
  ...SOURCE.flags,
  ...DESTINATION.flags,
  ...BOTH.flags,
  ...TRANSFER.flags,
  ...ANNOTATION,
  ...OUTPUT.flags,
};
const A = "sandbox.example.com/app:v1-rc.1";
const B = "prod.example.com/app:v1";

async function read(args: string[], env: Record<string, string> = {}): Promise<CopyCall> {
  const io = fakeIo({ env });
  return readCopyCall(await readWords(args, { flags: FLAGS, env: io.env }), io);
}

const requests: {
  does: string;
  args: string[];
  request: Partial<CopyRequest>;
  notes?: string[];
}[] = [
  { does: "two references", args: [A, B], request: {} },
  {
    does: "references as skopeo has them",
    args: [`docker://${A}`, B],
    request: {},
    notes: [`docker://${A} is read without its docker://`],
  },
  {
    does: "a chart",
    args: ["oci://a.example.com/chart:1.0.0+1", "oci://b.example.com/chart:1.0.0"],
    request: {
      srcRef: "oci://a.example.com/chart:1.0.0+1",
      destRef: "oci://b.example.com/chart:1.0.0",
    },
  },
  {
    does: "annotations",
    args: [A, B, "--annotation", "index:a=b=c", "--annotation=d="],
    request: { annotations: { "index:a": "b=c", d: "" } },
  },
  {
    does: "no checks of certificates",
    args: [A, B, "--insecure-skip-tls-verify"],
    request: { insecureSkipTLSVerify: true },
    notes: ["certificates of the source and the destination are not checked"],
  },
  {
    does: "no checks on one side",
    args: [A, B, "--dest-insecure-skip-tls-verify"],
    request: {},
    notes: ["certificates of the destination are not checked"],
  },
  {
    does: "a password that others can see",
    args: [A, B, "--src-creds", "alice:secret"],
    request: {},
    notes: [
      "others on this machine can see a password on a command line: " +
      "better OCI_PUSH_SRC_CREDS, OCI_PUSH_DEST_CREDS, or - for stdin",
    ],
  },
  { does: "a password on stdin", args: [A, B, "--src-creds", "-"], request: {} },
];
for (const { does, args, request, notes = [] } of requests) {
  Deno.test(`copy reads ${does}`, async () => {
    const call = await read(args);
    assertEquals(call.request, { srcRef: A, destRef: B, ...request });
    assertEquals(call.notes, notes);
  });
}

const refusals: { args: string[]; code: string; says: string; env?: Record<string, string> }[] = [
  { args: [], code: "INVALID_ARGUMENT", says: "cannot copy: source and destination are missing" },
  { args: [A], code: "INVALID_ARGUMENT", says: `cannot copy ${A}: the destination is missing` },
  { args: [A, B, "c"], code: "INVALID_ARGUMENT", says: 'cannot copy: "c" is one word too many' },
  {
    args: [A, "prod.example.com/app"],
    code: "INVALID_REFERENCE",
    says: 'cannot copy to "prod.example.com/app": no tag is given',
  },
  {
    args: ["sandbox.example.com/app", B],
    code: "INVALID_REFERENCE",
    says: 'cannot copy "sandbox.example.com/app": no tag or digest is given',
  },
  {
    args: [`https://${A}`, B],
    code: "INVALID_REFERENCE",
    says: `cannot read reference "https://${A}": a reference has no "https://" in front`,
  },
  {
    args: [A, B, "--annotation", "index:=v"],
    code: "INVALID_ARGUMENT",
    says: 'cannot annotate: the key of "index:" is empty',
  },
  {
    args: [A, B, "--annotation", "a=1", "--annotation", "a=2"],
    code: "INVALID_ARGUMENT",
    says: "cannot annotate: a is given twice",
  },
  {
    args: [A, B, "--src-creds", "-", "--dest-creds", "-"],
    code: "INVALID_ARGUMENT",
    says: "cannot read the credentials of both sides from stdin",
  },
  {
    args: [A, B, "--concurrency", "0"],
    code: "INVALID_ARGUMENT",
    says: 'cannot use --concurrency: "0" does not fit',
  },
  {
    args: [A, B],
    env: { MAX_OCI_PUSH_ARTIFACT_SIZE: "lots" },
    code: "INVALID_ARGUMENT",
    says: 'cannot use MAX_OCI_PUSH_ARTIFACT_SIZE: "lots" is no size',
  },
  {
    args: [A, B, "--github-output"],
    code: "INVALID_ARGUMENT",
    says: "cannot use --github-output: GITHUB_OUTPUT is not set",
  },
];
for (const { args, env = {}, code, says } of refusals) {
  Deno.test(`copy refuses ${JSON.stringify([...args, ...Object.keys(env)])}`, async () => {
    const error = await assertRejects(() => read(args, env), OciPushError);
    assertEquals([error.code, error.message], [code as never, says]);
  });
}

async function optionsOf(args: string[], world: FakeIoOptions = {}): Promise<CopyOptions> {
  const { values } = await read([A, B, ...args], world.env);
  return await connectionOptions(values, fakeIo(world));
}

Deno.test("flags become options of the module, and nothing else does", async () => {
  const { credentials: _, ...nothing } = await optionsOf([]);
  assertEquals(nothing, {});
  const { credentials: __, ...all } = await optionsOf([
    ...["--endpoint", "prod.example.com=http://127.0.0.1:5001", "--max-artifact-size", "-1"],
    ...["--concurrency", "4", "--workers", "0", "--verify", "client", "--retries", "0"],
    ...["--stall-timeout", "5s", "--no-overwrite", "--src-insecure-skip-tls-verify"],
  ]);
  assertEquals(all, {
    endpoints: { "prod.example.com": "http://127.0.0.1:5001" },
    maxArtifactSize: -1,
    concurrency: 4,
    workers: 0,
    verify: "client",
    retries: 0,
    stallTimeout: 5000,
    noOverwrite: true,
    source: { insecureSkipTLSVerify: true },
  });
});

const who: {
  does: string;
  args?: string[];
  world?: FakeIoOptions;
  source?: [string, string, string];
  destination?: [string, string, string];
}[] = [
  {
    does: "flags, each for its side",
    args: ["--src-creds=alice:a:b", "--dest-creds=bob:c"],
    source: ["alice", "a:b", "--src-creds"],
    destination: ["bob", "c", "--dest-creds"],
  },
  {
    does: "variables",
    world: { env: { OCI_PUSH_SRC_CREDS: "alice:a", OCI_PUSH_DEST_CREDS: "bob:c" } },
    source: ["alice", "a", "OCI_PUSH_SRC_CREDS"],
    destination: ["bob", "c", "OCI_PUSH_DEST_CREDS"],
  },
  {
    does: "stdin, without its line end",
    args: ["--dest-creds", "-"],
    world: { input: "bob:c \r\n", env: { OCI_PUSH_SRC_CREDS: "alice:a" } },
    source: ["alice", "a", "OCI_PUSH_SRC_CREDS"],
    destination: ["bob", "c ", "stdin (--dest-creds -)"],
  },
];
for (const { does, args = [], world = {}, ...sides } of who) {
  Deno.test(`credentials come from ${does}`, async () => {
    const { credentials } = await optionsOf(args, world);
    for (const side of ["source", "destination"] as const) {
      const [username, password, origin] = sides[side]!;
      const query = { registry: "a.example.com", repository: "app", helm: false, side };
      assertEquals(await credentials!(query), { username, password, origin });
    }
  });
}

Deno.test("stdin that holds no credential is an error that does not repeat it", async () => {
  const { credentials } = await optionsOf(["--src-creds", "-"], { input: "hunter2\n" });
  const query = { registry: "a", repository: "b", helm: false, side: "source" } as const;
  const error = await assertRejects(
    () => credentials!(query),
    OciPushError,
    "stdin (--src-creds -)",
  );
  assertEquals(error.code, "INVALID_CREDENTIALS");
  assertEquals(JSON.stringify(error).includes("hunter2"), false);
});

Deno.test("--ca-file has to be a certificate that is there", async () => {
  const file = await Deno.makeTempFile();
  try {
    for (const path of [file, `${file}.missing`]) {
      const error = await assertRejects(
        () => optionsOf(["--ca-file", path]),
        OciPushError,
        "--ca-file",
      );
      assertEquals(error.code, "FILE");
    }
    await Deno.writeTextFile(file, "-----BEGIN CERTIFICATE-----\n");
    const { certificates } = await optionsOf(["--ca-file", file]);
    assertEquals((await certificates!("nowhere.example.com")).caCerts, [
      "-----BEGIN CERTIFICATE-----\n",
    ]);
  } finally {
    await Deno.remove(file);
  }
});
