import { assert, assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import {
  askHelper,
  eraseWithHelper,
  type HelperOptions,
  storeWithHelper,
} from "../../lib/credentials/helper.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { writeProgram } from "../support/tools.ts";

const login = { host: "reg.test", username: "alice", password: "correcthorse" };

/** Runs a test with a program on the PATH that is this script. */
async function withHelper<T>(
  script: string,
  test: (name: string, options: HelperOptions) => Promise<T>,
): Promise<T> {
  const bin = await Deno.makeTempDir();
  try {
    await writeProgram(`${bin}/docker-credential-own`, `#!/bin/sh\n${script}\n`);
    return await test("own", { env: { PATH: `${bin}:/usr/bin:/bin` } });
  } finally {
    await Deno.remove(bin, { recursive: true });
  }
}

const none = "echo credentials not found in native keychain; exit 1";

Deno.test("askHelper() gives the host on stdin and reads the login from stdout", async () => {
  const script = `read host; echo '{"ServerURL":"x","Username":"'"$1 $host"'","Secret":"s"}'`;
  const found = await withHelper(script, (name, options) => askHelper(name, "reg.test", options));
  assertEquals(found, {
    username: "get reg.test",
    password: "s",
    origin: "docker-credential-own",
  });
});

Deno.test("helpers that know of no login are believed", async () => {
  await withHelper(none, async (name, options) => {
    assertEquals(await askHelper(name, "reg.test", options), undefined);
    assertEquals(await eraseWithHelper(name, "reg.test", options), false);
  });
});

const words: { prints: string; shown: string }[] = [
  { prints: "vault is locked", shown: ': "vault is locked"' },
  {
    prints: "exit status 2: open ~/.password-store/.gpg-id: no such file",
    shown: ': "exit status 2: open ~/.password-store/.gpg-id: no such file"',
  },
  { prints: '{"Username":"alice","Secret":"hunter2"} denied', shown: ': "… denied"' },
  { prints: '{ "Secret" : "hunter" } denied', shown: ': "… "Secret" … denied"' },
  { prints: "password is hunter", shown: ': "password …"' },
  { prints: "wrong password: hunter", shown: ': "wrong password: …"' },
  { prints: "https://alice:hunter@reg.test refused", shown: ': "… refused"' },
  { prints: "token=hunter refused", shown: ': "… refused"' },
  { prints: "refused aHVudGVy and eyJhbGciOiJub25lIn0.e30.", shown: ': "refused … and …"' },
  { prints: "hunter2", shown: "" },
];
for (const { prints, shown } of words) {
  Deno.test(`a helper that fails with ${JSON.stringify(prints)} is quoted so far`, async () => {
    for (const stream of [1, 2]) {
      const script = `cat <<'END' >&${stream}\n${prints}\nEND\nexit 3`;
      const error = await withHelper(
        script,
        (name, options) => assertRejects(() => askHelper(name, "reg.test", options), OciPushError),
      );
      assertEquals(error.code, "INVALID_CREDENTIALS");
      assertEquals(error.message, `cannot ask docker-credential-own: it ends with 3${shown}`);
      assert(!/hunter|aHVud|eyJ/.test(JSON.stringify(error) + error.stack));
    }
  });
}

Deno.test("a helper that does not keep a login is quoted without it", async () => {
  const error = await withHelper(
    'echo "no room for $(cat)"; echo no room for correcthorse; exit 1',
    (name, options) => assertRejects(() => storeWithHelper(name, login, options), OciPushError),
  );
  assertStringIncludes(error.message, 'does not keep the login, it ends with 1: "no room for …');
  assert(!`${error.message}${error.stack}`.includes("correcthorse"));
});

Deno.test("a helper that fails to forget a login is not taken for one that knew of none", async () => {
  const error = await withHelper(
    "echo vault is locked; exit 1",
    (name, options) => assertRejects(() => eraseWithHelper(name, "reg.test", options)),
  );
  assertStringIncludes(
    String(error),
    'does not forget the login, it ends with 1: "vault is locked"',
  );
});

const endless: { does: string; script: string; says: string }[] = [
  { does: "hangs", script: "exec sleep 5", says: "no answer within 0.1 s" },
  {
    does: "hangs, ignores signals and has children",
    script: "trap '' TERM\nsleep 1 &\nwait\nsleep 1",
    says: "no answer within 0.1 s",
  },
  { does: "prints without end", script: "exec yes", says: "prints more than 1048576 bytes" },
];
for (const { does, script, says } of endless) {
  Deno.test(`a helper that ${does} is ended`, async () => {
    const timeLimit = says.startsWith("no") ? 100 : 10_000;
    const error = await withHelper(
      script,
      (name, options) =>
        assertRejects(() => askHelper(name, "reg.test", { ...options, timeLimit }), OciPushError),
    );
    assertStringIncludes(error.message, says);
  });
}

Deno.test("an abort ends a helper, and comes out untouched", async () => {
  const reason = new Error("enough");
  for (const signal of [AbortSignal.abort(reason), abortSoon(reason)]) {
    const error = await withHelper(
      "exec sleep 5",
      (name, options) => assertRejects(() => askHelper(name, "reg.test", { ...options, signal })),
    );
    assertEquals(error, reason);
  }
});

function abortSoon(reason: Error): AbortSignal {
  const stop = new AbortController();
  setTimeout(() => stop.abort(reason), 50);
  return stop.signal;
}
