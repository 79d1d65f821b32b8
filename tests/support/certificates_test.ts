import { assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { createCertificates, type IssueOptions } from "./certificates.ts";
import { withTools } from "./tools.ts";

/** What is wrong with a certificate, in the words of rustls; nothing where it is good. */
const cases: { what: string; options: IssueOptions; wrong: string }[] = [
  { what: "good", options: {}, wrong: "" },
  {
    what: "of another name",
    options: { names: "DNS:elsewhere.test" },
    wrong: "not valid for name",
  },
  { what: "expired", options: { from: -3, days: 1 }, wrong: "certificate expired" },
  { what: "not valid yet", options: { from: 1 }, wrong: "not valid yet" },
  { what: "signed by itself", options: { selfSigned: true }, wrong: "CaUsedAsEndEntity" },
];

withTools(["openssl"], "of all certificates only the good one is trusted", async () => {
  await using made = await createCertificates();
  for (const { what, options, wrong } of cases) {
    const pair = await made.issue(options);
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {}, ...pair },
      () => new Response("hello"),
    );
    using client = Deno.createHttpClient({ caCerts: [made.ca] });
    const ask = async () => {
      return await (await fetch(`https://127.0.0.1:${server.addr.port}/`, { client })).text();
    };
    if (wrong === "") {
      assertEquals(await ask(), "hello", what);
    } else {
      const { cause } = await assertRejects(ask, TypeError);
      assertStringIncludes(String(cause), wrong, what);
    }
    await server.shutdown();
  }
});

withTools(["openssl"], "certificates are gone when they are disposed", async () => {
  const made = await createCertificates();
  await made[Symbol.asyncDispose]();
  await assertRejects(() => Deno.stat(made.caFile), Deno.errors.NotFound);
});
