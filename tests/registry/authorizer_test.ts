import { assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { type AuthorizerOptions, createAuthorizer } from "../../lib/registry/authorizer.ts";
import type { Credential } from "../../lib/registry/credential.ts";
import { scripted, type SentRequest, silent, type Step } from "../support/scripted.ts";

const password: Credential = { username: "ann", password: "s3cret", origin: "config.json" };
const bearer = 'Bearer realm="https://auth.test/token",service="registry.test"';

function authorizing(script: Step[], options: Partial<AuthorizerOptions> = {}) {
  const clock = { now: 1_000_000 };
  const server = scripted(script);
  const authorizer = createAuthorizer({
    registry: "registry.test",
    side: "destination",
    scopes: [{ name: "team/app", actions: ["pull", "push"] }],
    credential: () => Promise.resolve(password),
    send: server.send,
    now: () => clock.now,
    ...options,
  });
  return { clock, server, authorizer };
}

const token = (value: string, more: object = {}): Step => [
  /^GET https:\/\/auth\.test\/token/,
  { status: 200, body: JSON.stringify({ token: value, ...more }) },
];

function scopesOf({ url }: SentRequest): string[] {
  return url.searchParams.getAll("scope");
}

Deno.test("an authorizer has nothing to say before it is asked", async () => {
  const { authorizer, server } = authorizing([]);
  assertEquals(await authorizer.current(), undefined);
  server.assertSpent();
});

Deno.test("an authorizer answers Basic with user and password, without a request", async () => {
  const { authorizer, server } = authorizing([]);
  const answer = await authorizer.answer('Basic realm="x"', undefined);
  assertEquals(answer!.header, `Basic ${btoa("ann:s3cret")}`);
  assertEquals((await authorizer.current())!.header, answer!.header);
  server.assertSpent();
});

Deno.test("an authorizer prefers a token where a header has both challenges", async () => {
  for (const challenge of [`Basic realm="x", ${bearer}`, `${bearer}, Basic realm="x"`]) {
    const { authorizer, server } = authorizing([token("T")]);
    assertEquals((await authorizer.answer(challenge, undefined))!.header, "Bearer T");
    server.assertSpent();
  }
});

Deno.test("an authorizer has no answer to other challenges", async () => {
  for (const challenge of ["Negotiate", 'Digest realm="x"', "Bearer", ""]) {
    const { authorizer, server } = authorizing([]);
    assertEquals(await authorizer.answer(challenge, undefined), undefined);
    server.assertSpent();
  }
});

Deno.test("twenty requests at once want one token", async () => {
  const { authorizer, server } = authorizing([token("T")]);
  const answers = Array.from({ length: 20 }, () => authorizer.answer(bearer, undefined));
  const headers = (await Promise.all(answers)).map((answer) => answer!.header);
  assertEquals(headers, Array(20).fill("Bearer T"));
  assertEquals((await authorizer.answer(bearer, undefined))!.header, "Bearer T"); // late, not refused
  server.assertSpent();
});

const lives = [
  { does: "lives 60 seconds if nobody says", more: {}, goodFor: 53, staleAfter: 55 },
  {
    does: "is renewed ten seconds early",
    more: { "expires_in": 300 },
    goodFor: 289,
    staleAfter: 291,
  },
  {
    does: "is renewed a tenth early if short",
    more: { "expires_in": 20 },
    goodFor: 17,
    staleAfter: 19,
  },
  {
    does: "with a life of 0 is believed for 60",
    more: { "expires_in": 0 },
    goodFor: 53,
    staleAfter: 55,
  },
];

for (const { does, more, goodFor, staleAfter } of lives) {
  Deno.test(`a token ${does}`, async () => {
    const { authorizer, server, clock } = authorizing([
      token("first", more),
      token("second", more),
    ]);
    const began = clock.now;
    await authorizer.answer(bearer, undefined);
    clock.now = began + goodFor * 1000;
    assertEquals((await authorizer.current())!.header, "Bearer first");
    clock.now = began + staleAfter * 1000;
    const renewed = await Promise.all([authorizer.current(), authorizer.current()]);
    assertEquals(renewed.map((answer) => answer!.header), ["Bearer second", "Bearer second"]);
    server.assertSpent();
  });
}

Deno.test("an old token that is refused is replaced, a fresh one is not", async () => {
  const { authorizer, server, clock } = authorizing([token("old"), token("new")]);
  await authorizer.answer(bearer, undefined);
  clock.now += 6000;
  assertEquals((await authorizer.answer(bearer, "Bearer old"))!.header, "Bearer new");
  assertEquals((await authorizer.answer(bearer, "Bearer old"))!.header, "Bearer new"); // a slow one
  const error = await assertRejects(() => authorizer.answer(bearer, "Bearer new"), OciPushError);
  assertEquals([error.code, error.terminal], ["UNAUTHORIZED", true]);
  server.assertSpent();
});

const scopes: {
  does: string;
  more: Partial<AuthorizerOptions>;
  challenged?: string;
  asked: string[];
}[] = [
  { does: "what is needed", more: {}, asked: ["repository:team/app:pull,push"] },
  {
    does: "the scope that matters first",
    more: {
      scopes: [
        { name: "team/app", actions: ["pull", "push"] },
        { name: "team/base", actions: ["pull"] },
      ],
    },
    asked: ["repository:team/app:pull,push", "repository:team/base:pull"],
  },
  {
    does: "nothing twice",
    more: {},
    challenged: "repository:team/app:pull",
    asked: ["repository:team/app:pull,push"],
  },
  {
    does: "what the challenge names beyond it, but never delete",
    more: {},
    challenged:
      "repository:team/app:pull,push,delete repository:mirror/app:pull registry:catalog:*",
    asked: ["repository:team/app:pull,push", "repository:mirror/app:pull"],
  },
];

for (const { does, more, challenged, asked } of scopes) {
  Deno.test(`an authorizer asks for ${does}`, async () => {
    const { authorizer, server } = authorizing([token("T")], more);
    await authorizer.answer(challenged ? `${bearer},scope="${challenged}"` : bearer, undefined);
    assertEquals(scopesOf(server.requests[0]!), asked);
    server.assertSpent();
  });
}

const push = { name: "team/app", actions: ["pull", "push"] };
const both = { scopes: [push, { name: "other", actions: ["pull"] }], fallbackScopes: [push] };

Deno.test("an authorizer asks for less where all at once is refused", async () => {
  for (const status of [400, 401, 403]) {
    const { authorizer, server } = authorizing([[/other/, { status }], token("T")], both);
    assertEquals((await authorizer.answer(bearer, undefined))!.header, "Bearer T");
    assertEquals(scopesOf(server.requests[1]!), ["repository:team/app:pull,push"]);
    server.assertSpent();
  }
});

Deno.test("an authorizer that asked for less does so again, whatever a mount's challenge names", async () => {
  const { authorizer, server, clock } = authorizing(
    [[/other/, { status: 401 }], token("first"), token("second")],
    both,
  );
  const scope = 'scope="repository:team/app:pull,push repository:other:pull"';
  await authorizer.answer(`${bearer},${scope}`, undefined);
  clock.now += 60_000;
  assertEquals((await authorizer.current())!.header, "Bearer second");
  for (const request of server.requests.slice(1)) {
    assertEquals(scopesOf(request), ["repository:team/app:pull,push"]);
  }
  server.assertSpent();
});

Deno.test("an authorizer does not ask for less where the server is in trouble", async () => {
  const { authorizer, server } = authorizing([[/other/, { status: 503 }]], both);
  const error = await assertRejects(() => authorizer.answer(bearer, undefined), OciPushError);
  assertEquals([error.code, error.terminal], ["UNAVAILABLE", false]);
  server.assertSpent();
});

Deno.test("a token that could not be had is asked for again", async () => {
  const { authorizer, server } = authorizing([[/./, { status: 503 }], token("T")]);
  await assertRejects(() => authorizer.answer(bearer, undefined), OciPushError);
  assertEquals((await authorizer.answer(bearer, undefined))!.header, "Bearer T");
  server.assertSpent();
});

Deno.test("who stops waiting for a token does not stop the others", async () => {
  const answer = Promise.withResolvers<Response>();
  const { authorizer, server } = authorizing([[/./, () => answer.promise]]);
  const controller = new AbortController();
  const stopped = authorizer.answer(bearer, undefined, { signal: controller.signal });
  const patient = authorizer.answer(bearer, undefined);
  const stop = new Error("stop");
  controller.abort(stop);
  assertEquals(await assertRejects(() => stopped), stop);
  answer.resolve(new Response('{"token":"T"}'));
  assertEquals((await patient)!.header, "Bearer T");
  server.assertSpent();
});

Deno.test("an authorizer that is stopped already asks nobody", async () => {
  const { authorizer, server } = authorizing([]);
  const stop = new Error("stop");
  const signal = AbortSignal.abort(stop);
  assertEquals(await assertRejects(() => authorizer.answer(bearer, undefined, { signal })), stop);
  assertEquals(server.requests, []);
});

const refusals: {
  does: string;
  credential?: Credential;
  challenge: string;
  rejected: string;
  code: string;
  says: string;
}[] = [
  {
    does: "a wrong password",
    credential: password,
    challenge: 'Basic realm="x"',
    rejected: "Basic x",
    code: "UNAUTHORIZED",
    says: 'cannot log in to registry.test (destination): user "ann" is refused (401)',
  },
  {
    does: "nobody who is known",
    challenge: 'Basic realm="x"',
    rejected: "Basic x",
    code: "UNAUTHORIZED",
    says: "cannot log in to registry.test (destination): it wants a login, and there is none (401)",
  },
  {
    does: "a user without the right",
    credential: password,
    challenge: `${bearer},error="insufficient_scope"`,
    rejected: "Bearer T",
    code: "DENIED",
    says: 'cannot work in registry.test (destination): user "ann" may not do this (401)',
  },
];

for (const { does, credential, challenge, rejected, code, says } of refusals) {
  Deno.test(`an authorizer names ${does}, and no secret`, async () => {
    const { authorizer } = authorizing(challenge.startsWith("Bearer") ? [token("T")] : [], {
      credential: () => Promise.resolve(credential),
    });
    if (challenge.startsWith("Bearer")) await authorizer.answer(bearer, undefined);
    const error = await assertRejects(() => authorizer.answer(challenge, rejected), OciPushError);
    assertEquals([error.code, error.message, error.details.side], [code, says, "destination"]);
    assertStringIncludes(
      error.details.did!,
      credential ? "credentials from config.json" : "anonymous",
    );
    assertEquals(JSON.stringify(error).includes("s3cret"), false);
  });
}

Deno.test("an authorizer asks who we are once, at the first challenge", async () => {
  let asked = 0;
  const { authorizer, clock } = authorizing([token("a"), token("b")], {
    credential: () => Promise.resolve(void asked++),
  });
  await authorizer.current();
  assertEquals(asked, 0);
  await authorizer.answer(bearer, undefined);
  clock.now += 100_000;
  await authorizer.current();
  assertEquals(asked, 1);
});

Deno.test("a token server that is silent does not hold whoever gives up", async () => {
  const { authorizer } = authorizing([[/./, silent]]);
  const controller = new AbortController();
  const waiting = authorizer.answer(bearer, undefined, { signal: controller.signal });
  controller.abort(new Error("stop"));
  await assertRejects(() => waiting, Error, "stop");
});
