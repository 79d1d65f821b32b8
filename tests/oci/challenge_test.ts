import { assertEquals } from "../../lib/std/assert.ts";
import {
  formatChallenge,
  formatScope,
  parseChallenges,
  parseScopes,
} from "../../lib/oci/challenge.ts";

const cases: [header: string | null, ...challenges: [string, Record<string, string>][]][] = [
  [null],
  [""],
  [", ,"],
  ["Basic", ["basic", {}]],
  ['Basic realm="x"', ["basic", { realm: "x" }]],
  ['BEARER Realm="https://a/t?x=1,2",service=s', ["bearer", {
    realm: "https://a/t?x=1,2",
    service: "s",
  }]],
  [
    'Bearer realm="r",scope="repository:a:pull,push repository:b:pull"',
    ["bearer", { realm: "r", scope: "repository:a:pull,push repository:b:pull" }],
  ],
  ['Basic realm="x", Bearer realm="y",service="z"', ["basic", { realm: "x" }], ["bearer", {
    realm: "y",
    service: "z",
  }]],
  ["Negotiate, Basic realm=x", ["negotiate", {}], ["basic", { realm: "x" }]],
  ['Basic realm="say \\"hi\\" \\\\"', ["basic", { realm: 'say "hi" \\' }]],
  ['Bearer  realm = "x" , error="insufficient_scope"', ["bearer", {
    realm: "x",
    error: "insufficient_scope",
  }]],
  ['Basic realm=""', ["basic", { realm: "" }]],
  ['"nonsense" Basic realm="x"', ["nonsense", {}], ["basic", { realm: "x" }]],
];

for (const [header, ...challenges] of cases) {
  Deno.test(`parseChallenges() reads ${header}`, () => {
    const plain = parseChallenges(header).map(({ scheme, parameters }) => [scheme, {
      ...parameters,
    }]);
    assertEquals(plain, challenges);
  });
}

Deno.test("parseChallenges() reads a long header in no time, and no prototype", () => {
  const long = `Bearer ${'a="'.repeat(20_000)}`;
  const began = performance.now();
  parseChallenges(long);
  parseChallenges('"'.repeat(20_000));
  assertEquals(performance.now() - began < 5000, true);
  const [bearer] = parseChallenges("Bearer realm=x");
  assertEquals(bearer!.parameters.constructor, undefined);
});

Deno.test("formatChallenge() writes what parseChallenges() reads", () => {
  const challenge = { scheme: "Bearer", parameters: { realm: 'a "b" \\', service: "s, t" } };
  const [read] = parseChallenges(formatChallenge(challenge));
  assertEquals([read!.scheme, { ...read!.parameters }], ["bearer", challenge.parameters]);
});

const scopes: [text: string, ...scopes: { name: string; actions: string[] }[]][] = [
  [""],
  ["registry:catalog:*"],
  ["repository:team/app:pull,push", { name: "team/app", actions: ["pull", "push"] }],
  ["repository(plugin):app:pull", { name: "app", actions: ["pull"] }],
  ["repository:host:5000/app:pull", { name: "host:5000/app", actions: ["pull"] }],
  ["repository:a:pull  repository:b:", { name: "a", actions: ["pull"] }, {
    name: "b",
    actions: [],
  }],
  ["repository::pull nonsense"],
];

for (const [text, ...expected] of scopes) {
  Deno.test(`parseScopes() reads ${JSON.stringify(text)}`, () => {
    assertEquals(parseScopes(text), expected);
    for (const scope of expected) assertEquals(parseScopes(formatScope(scope)), [scope]);
  });
}
