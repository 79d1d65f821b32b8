/**
 * A login, from the first try to the copy that uses it, and its end.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { startDockerRegistry } from "../support/docker_registry.ts";
import { basic, createImageIndex, pushContent } from "../support/images.ts";
import { run, succeed, withTools } from "../support/tools.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;

withTools(
  ["docker-registry", "htpasswd"],
  "a login is checked, kept, used and forgotten",
  async () => {
    const htpasswd = await succeed("htpasswd", ["-Bbn", "alice", "s3cret"]);
    await using registry = await startDockerRegistry({ htpasswd });
    const headers = { authorization: basic("alice", "s3cret") };
    const content = await createImageIndex();
    await pushContent(registry.url, "app", content, { tag: "v1", headers });
    const home = await Deno.makeTempDir();
    const config = `${home}/.docker/config.json`;
    const env = {
      HOME: home,
      NO_COLOR: "1",
      DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
    };
    const push = (args: string[], stdin?: string) =>
      run(Deno.execPath(), ["run", "-A", CLI, ...args], {
        env,
        ...(stdin !== undefined && { stdin }),
      });
    const login = (password: string) =>
      push(["login", registry.host, "--username", "alice", "--password-stdin"], `${password}\n`);
    const copy = () => push(["copy", `${registry.host}/app:v1`, `${registry.host}/app:v2`]);
    try {
      const anonymous = await copy();
      assertEquals([anonymous.code, anonymous.stdout], [1, ""]);
      assertStringIncludes(anonymous.stderr, "UNAUTHORIZED");

      const wrong = await login("wrong-one");
      assertEquals(wrong.code, 1);
      assertStringIncludes(wrong.stderr, 'user "alice"');
      await assertRejects(() => Deno.stat(config), Deno.errors.NotFound);

      const right = await login("s3cret");
      assertEquals([right.code, right.stdout], [0, ""], right.stderr);
      assertEquals((await Deno.stat(config)).mode! & 0o777, 0o600);

      const copied = await copy();
      assertEquals(copied.stdout, `${registry.host}/app:v2@${content.root}\n`, copied.stderr);

      assertEquals((await push(["logout", registry.host])).code, 0);
      assertEquals((await copy()).code, 1);
      const said = [anonymous, wrong, right, copied].map(({ stderr }) => stderr).join("");
      assert(!said.includes("s3cret") && !said.includes("wrong-one"));
    } finally {
      await Deno.remove(home, { recursive: true });
    }
  },
);
