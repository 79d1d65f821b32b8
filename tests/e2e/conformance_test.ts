/**
 * The conformance suite of the distribution specification against the embedded registry.
 *
 * @module
 */

import { assertEquals, assertGreater } from "../../lib/std/assert.ts";
import type { BasicAuth, BearerAuth } from "../../lib/serve/auth.ts";
import { serveRegistry } from "../../lib/serve/serve.ts";
import { run, withTools } from "../support/tools.ts";

/** What the suite's own count says in its version of 2026-08, of 986 with everything switched on. */
const LEAST_PASSED = 980;

const users = { ada: "lovelace" };

const cases: { kept: string; inFolder: boolean; auth?: BasicAuth | BearerAuth }[] = [
  { kept: "in memory", inFolder: false },
  { kept: "in a folder", inFolder: true },
  { kept: "in memory behind passwords", inFolder: false, auth: { type: "basic", users } },
  { kept: "in memory behind tokens", inFolder: false, auth: { type: "bearer", users } },
];

for (const { kept, inFolder, auth } of cases) {
  withTools(["conformance"], `a registry ${kept} passes the conformance suite`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await using registry = await serveRegistry({
        ...(inFolder && { dir: `${folder}/registry` }),
        ...(auth && { auth }),
      });
      const { code, stdout, stderr } = await run("conformance", [], {
        cwd: folder,
        env: {
          OCI_REGISTRY: registry.host,
          OCI_TLS: "disabled",
          // 1.1 with what is about to be added: cancelling uploads, tags as parameters.
          OCI_VERSION: "dev",
          OCI_RESULTS_DIR: `${folder}/results`,
          OCI_USERNAME: "ada",
          OCI_PASSWORD: "lovelace",
        },
      });
      const report = stdout.slice(stdout.indexOf("OCI Conformance Result"));
      assertEquals(code, 0, failures(stdout) + stderr);
      assertEquals([count(report, "FAIL"), count(report, "Error")], [0, 0], failures(stdout));
      assertEquals([count(report, "Skip"), count(report, "Disabled")], [0, 0], skipped(stdout));
      assertGreater(count(report, "Pass"), LEAST_PASSED);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

function count(report: string, status: string): number {
  return Number(new RegExp(`^\\s*${status}\\.*:\\s+(\\d+)$`, "m").exec(report)?.[1]);
}

function failures(output: string): string {
  return leaves(output, /: (FAIL|Error)$/);
}

function skipped(output: string): string {
  return leaves(output, /: (Skip|Disabled)$/);
}

/** The lines of that status, each with the reasons below it. */
function leaves(output: string, status: RegExp): string {
  const lines = output.slice(0, output.indexOf("Configuration:")).split("\n");
  let wanted = false;
  return lines.filter((line) => {
    if (!/^\s+- /.test(line)) wanted = status.test(line);
    return wanted;
  }).join("\n");
}
