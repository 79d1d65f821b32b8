import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { withRedirects } from "../../lib/registry/with_redirects.ts";
import { scripted, type Step } from "../support/scripted.ts";

const url = new URL("https://registry.test/blob");
const signed = { headers: { authorization: "Bearer secret", range: "bytes=0-1" } };
const to = (location: string, status = 307) => ({ status, headers: { location } });

for (const status of [301, 302, 303, 307, 308]) {
  Deno.test(`withRedirects() keeps what identifies us from another host (${status})`, async () => {
    const server = scripted([
      ["GET https://registry.test/blob", to("https://store.test/b?sig=1", status)],
      ["GET https://store.test/b?sig=1", { status: 200 }],
    ]);
    assertEquals((await withRedirects()(server.send)(url, signed)).status, 200);
    assertEquals(server.requests.map(({ headers }) => headers.get("authorization")), [
      "Bearer secret",
      null,
    ]);
    assertEquals(server.requests.map(({ headers }) => headers.get("range")), [
      "bytes=0-1",
      "bytes=0-1",
    ]);
    server.assertSpent();
  });
}

Deno.test("withRedirects() does not give it back after a way home", async () => {
  const server = scripted([
    ["GET https://registry.test/blob", to("https://store.test/b")],
    ["GET https://store.test/b", to("https://registry.test/again")],
    ["GET https://registry.test/again", { status: 200 }],
  ]);
  await withRedirects()(server.send)(url, signed);
  assertEquals(server.requests.at(-1)!.headers.get("authorization"), null);
  server.assertSpent();
});

Deno.test("withRedirects() keeps it within the host, and the method HEAD", async () => {
  const server = scripted([
    ["HEAD https://registry.test/blob", to("/elsewhere")],
    ["HEAD https://registry.test/elsewhere", { status: 200 }],
  ]);
  await withRedirects()(server.send)(url, { method: "HEAD", ...signed });
  assertEquals(server.requests[1]!.headers.get("authorization"), "Bearer secret");
  server.assertSpent();
});

Deno.test("withRedirects() leaves a 307 to whoever has the body", async () => {
  for (const method of ["PUT", "PATCH", "POST", "DELETE"]) {
    const server = scripted([[`${method} https://registry.test/blob`, to("https://store.test/")]]);
    assertEquals((await withRedirects()(server.send)(url, { method })).status, 307);
    server.assertSpent();
  }
});

Deno.test("withRedirects() hands on a 304, and a redirect to nowhere", async () => {
  for (const answer of [{ status: 304 }, { status: 307 }]) {
    const server = scripted([[/./, answer]]);
    assertEquals((await withRedirects()(server.send)(url, {})).status, answer.status);
  }
});

const refused: { does: string; script: Step[]; says: string }[] = [
  {
    does: "from https to http",
    script: [[/registry/, to("http://store.test/b")]],
    says: "cannot follow registry.test: sent on from https to http",
  },
  {
    does: "into the file system",
    script: [[/registry/, to("file:///etc/passwd")]],
    says: "cannot follow registry.test: sent on from https to file",
  },
  {
    does: "to what is no address",
    script: [[/registry/, to("https://[")]],
    says: "cannot follow registry.test: sent on from https to what is no address",
  },
  {
    does: "in circles",
    script: Array.from({ length: 6 }, () => [/registry/, to("/blob")]),
    says: "cannot follow registry.test: sent on more than 5 times",
  },
];

for (const { does, script, says } of refused) {
  Deno.test(`withRedirects() is not sent ${does}`, async () => {
    const server = scripted(script);
    const error = await assertRejects(
      () => withRedirects()(server.send)(url, signed),
      OciPushError,
    );
    assertEquals([error.code, error.terminal, error.message], ["REGISTRY_BROKEN", true, says]);
    server.assertSpent();
  });
}
