import { assert, assertEquals, assertStringIncludes, assertThrows } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { formatReference, isSameRepository, parseReference } from "../../lib/oci/reference.ts";

const SHA256 = `sha256:${"a".repeat(64)}` as const;
const SHA512 = `sha512:${"b".repeat(128)}` as const;

const good: [
  text: string,
  registry: string,
  repository: string,
  tag?: string | undefined,
  digest?: string,
][] = [
  ["nginx", "docker.io", "library/nginx"],
  ["nginx:1.27", "docker.io", "library/nginx", "1.27"],
  ["docker.io/nginx:1", "docker.io", "library/nginx", "1"],
  ["index.docker.io/library/nginx", "docker.io", "library/nginx"],
  ["bitnami/redis:7", "docker.io", "bitnami/redis", "7"],
  ["registry.example.com/app:v1", "registry.example.com", "app", "v1"],
  ["REGISTRY.example.com/app:V1", "registry.example.com", "app", "V1"],
  ["registry.example.com:5000/team/app", "registry.example.com:5000", "team/app"],
  ["localhost/app:x", "localhost", "app", "x"],
  ["localhost:5000/a/b/c:x", "localhost:5000", "a/b/c", "x"],
  ["127.0.0.1:5000/app:x", "127.0.0.1:5000", "app", "x"],
  ["[::1]:5000/app:x", "[::1]:5000", "app", "x"],
  [`example.com/app@${SHA256}`, "example.com", "app", undefined, SHA256],
  [`example.com/app:v1@${SHA256}`, "example.com", "app", "v1", SHA256],
  [`example.com/app@${SHA512}`, "example.com", "app", undefined, SHA512],
  ["oci://example.com/charts/app:1.0.0+build.7", "example.com", "charts/app", "1.0.0_build.7"],
  ["example.com/a__b/c-d/e---f/g.h:_x", "example.com", "a__b/c-d/e---f/g.h", "_x"],
  ["example.com/blobs/uploads:x", "example.com", "blobs/uploads", "x"],
];
for (const [text, registry, repository, tag, digest] of good) {
  Deno.test(`parseReference() reads ${text.slice(0, 60)}`, () => {
    const reference = parseReference(text);
    assertEquals(reference.registry, registry);
    assertEquals(reference.repository, repository);
    assertEquals(reference.tag, tag);
    assertEquals(reference.digest, digest as typeof reference.digest);
    assertEquals(reference.helm, text.startsWith("oci://"));
    assertEquals(reference.text, text.replace("oci://", ""));
  });
}

const bad: [text: string, says: string, hint?: string][] = [
  ["", "empty"],
  ["oci://", "empty"],
  ["example.com/App:v1", '"App" is not', "did you mean app?"],
  ["example.com/app:", "tag after the colon is empty"],
  ["example.com/app:1.0+x", '"1.0+x" cannot be a tag', "1.0_x"],
  ["example.com/app:-x", "cannot be a tag"],
  [`example.com/app:${"x".repeat(129)}`, "longer than 128"],
  ["example.com/app@sha256:abc", "3 characters after the colon, not 64"],
  [`example.com/app@sha256:${"A".repeat(64)}`, "of 0-9 and a-f"],
  ["example.com/app@md5:abc", '"md5" is neither sha256 nor sha512'],
  ["example.com/app@", "neither sha256 nor sha512"],
  ["https://example.com/app:v1", 'no "https://" in front', "write example.com/app:v1"],
  ["http://example.com:80/app:v1", 'no "http://" in front', "--endpoint example.com:80=http://"],
  ["Team/app:x", '"Team" is not', "did you mean team?"],
  ["docker://example.com/app", 'no "docker://" in front'],
  ["example.com/", "the repository is missing"],
  ["example.com//app", "empty part"],
  ["example.com/app/", "empty part"],
  ["example.com/a..b", '"a..b" cannot be part'],
  ["example.com/../etc", '".." cannot be part'],
  ["exa mple.com/app", '"exa mple.com" is not a host'],
  ["example.com:99999/app", "no port 99999"],
  ["example.com:x/app", "is not a host"],
  [`example.com/${"a/".repeat(130)}a`, "longer than 255"],
  ["f".repeat(64), "64 hexadecimal characters"],
  ["example.com/app\n:v1", "cannot be part"],
];
for (const [text, says, hint] of bad) {
  Deno.test(`parseReference() refuses ${JSON.stringify(text.slice(0, 60))}`, () => {
    const error = assertThrows(() => parseReference(text), OciPushError);
    assertEquals(error.code, "INVALID_REFERENCE");
    assert(error.terminal);
    assertStringIncludes(error.message, says);
    if (hint) assertStringIncludes(error.hint ?? "", hint);
  });
}

Deno.test("formatReference() writes what parseReference() reads back to the same", () => {
  for (const [text] of good) {
    const { registry, repository, tag, digest } = parseReference(text);
    const written = formatReference(parseReference(text));
    const again = parseReference(written);
    assertEquals(
      [again.registry, again.repository, again.tag, again.digest],
      [registry, repository, tag, digest],
    );
  }
});

Deno.test("isSameRepository() compares what is meant, not what is typed", () => {
  const same = (a: string, b: string) => isSameRepository(parseReference(a), parseReference(b));
  assert(same("nginx:1", "index.docker.io/library/nginx:2"));
  assert(same("oci://Example.com/app:1", "example.com/app:2"));
  assert(!same("example.com/app:1", "example.com:443/app:1"));
  assert(!same("example.com/app:1", "example.com/app2:1"));
});
