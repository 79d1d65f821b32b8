import { assertEquals } from "../../lib/std/assert.ts";
import { type Endpoint, formatEndpoint, parseEndpoint } from "../../lib/oci/endpoint.ts";

const digest = `sha256:${"a".repeat(64)}`;
const names = [
  "app",
  "team/app",
  "blobs/uploads",
  "a/blobs/uploads/b",
  "a/manifests/b",
  "manifests",
  "tags/list",
  "a/referrers/b",
  "v2",
];
const kinds: ((name: string) => Endpoint)[] = [
  (name) => ({ kind: "blob", name, digest }),
  (name) => ({ kind: "manifest", name, tagOrDigest: "v1" }),
  (name) => ({ kind: "manifest", name, tagOrDigest: "uploads" }),
  (name) => ({ kind: "manifest", name, tagOrDigest: "list" }),
  (name) => ({ kind: "manifest", name, tagOrDigest: digest }),
  (name) => ({ kind: "uploads", name }),
  (name) => ({ kind: "uploads", name, digest }),
  (name) => ({ kind: "uploads", name, mount: digest, from: "blobs/uploads" }),
  (name) => ({ kind: "upload", name, id: "3f2a-._~" }),
  (name) => ({ kind: "upload", name, id: "1", digest }),
  (name) => ({ kind: "tags", name }),
  (name) => ({ kind: "tags", name, n: "10", last: "v1+2 &=#" }),
  (name) => ({ kind: "referrers", name, digest }),
  (name) => ({ kind: "referrers", name, digest, artifactType: "application/vnd.x+json; a=b" }),
];
const endpoints: Endpoint[] = [
  { kind: "version" },
  ...names.flatMap((name) => kinds.map((kind) => kind(name))),
];

for (const endpoint of endpoints) {
  const path = formatEndpoint(endpoint);
  Deno.test(`parseEndpoint() reads back ${path}`, () => {
    const parsed = parseEndpoint(new URL(path, "https://registry.test"));
    assertEquals(parsed, endpoint);
  });
}

const others: [path: string, endpoint: Endpoint | undefined][] = [
  ["/v2", { kind: "version" }],
  ["/v2/app/blobs/uploads", { kind: "uploads", name: "app" }],
  ["/v2/app/manifests/a%3Ab", { kind: "manifest", name: "app", tagOrDigest: "a:b" }],
  ["/v2/app/manifests/50%", { kind: "manifest", name: "app", tagOrDigest: "50%" }],
  ["/v2/app/manifests/v1?x=1", { kind: "manifest", name: "app", tagOrDigest: "v1" }],
  ["/", undefined],
  ["/v1/app/manifests/v1", undefined],
  ["/v2/app", undefined],
  ["/v2/app/manifests/", undefined],
  ["/v2/app/manifests/a/b", undefined],
  ["/v2/App/manifests/v1", undefined],
  ["/v2/a%2F..%2Fb/manifests/v1", undefined],
  ["/v2//manifests/v1", undefined],
  ["/v2/manifests/v1", undefined],
  ["/v2/tags/list", undefined],
];

for (const [path, endpoint] of others) {
  Deno.test(`parseEndpoint() takes ${path} for ${endpoint?.kind ?? "nothing"}`, () => {
    assertEquals(parseEndpoint(new URL(path, "https://registry.test")), endpoint);
  });
}
