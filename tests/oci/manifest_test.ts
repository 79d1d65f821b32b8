import { assertEquals, assertStringIncludes, assertThrows } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import {
  artifactSize,
  attestedDigest,
  blobsOf,
  childrenOf,
  parseDocument,
} from "../../lib/oci/manifest.ts";
import { DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from "../../lib/oci/media_type.ts";

const digest = (c: string) => `sha256:${c.repeat(64)}`;
const blob = (c: string, size = 1) => ({ mediaType: "application/x", digest: digest(c), size });
const manifest = { schemaVersion: 2, config: blob("a"), layers: [blob("b", 2), blob("c", 3)] };
const index = { schemaVersion: 2, manifests: [{ ...blob("d"), mediaType: OCI_MANIFEST }] };

function parse(value: unknown, mediaType?: string) {
  const bytes = new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
  return parseDocument(bytes, { name: "app:v1", ...(mediaType !== undefined && { mediaType }) });
}

const kinds: [does: string, value: unknown, received: string | undefined, mediaType: string][] = [
  ["by its own word", { ...manifest, mediaType: OCI_MANIFEST }, undefined, OCI_MANIFEST],
  ["by the answer's type", manifest, DOCKER_MANIFEST, DOCKER_MANIFEST],
  ["a manifest by its fields", manifest, "application/json", OCI_MANIFEST],
  ["an index by its fields", index, "application/octet-stream", OCI_INDEX],
  ["a Docker list", { ...index, mediaType: DOCKER_LIST }, DOCKER_LIST, DOCKER_LIST],
  ["an index served as text", { ...index, mediaType: OCI_INDEX }, "text/plain", OCI_INDEX],
  [
    "an index without entries",
    { schemaVersion: 2, manifests: null, mediaType: OCI_INDEX },
    "",
    OCI_INDEX,
  ],
];
for (const [does, value, received, mediaType] of kinds) {
  Deno.test(`parseDocument() knows ${does}`, () => {
    assertEquals(parse(value, received).mediaType, mediaType);
  });
}

const refused: [does: string, value: unknown, received: string, code: string, says: string][] = [
  ["what is no JSON", "<html>", "", "MANIFEST_INVALID", "not JSON"],
  ["a list", [], "", "MANIFEST_INVALID", "not a JSON object"],
  ["two things at once", { ...manifest, ...index }, "", "MANIFEST_INVALID", "two things"],
  ["an empty object", {}, "", "MANIFEST_INVALID", "neither manifests nor layers"],
  [
    "a manifest that says it is an index",
    { ...manifest, mediaType: OCI_INDEX },
    "",
    "MANIFEST_INVALID",
    "which its fields are not",
  ],
  [
    "a type that the registry denies",
    { ...manifest, mediaType: OCI_MANIFEST },
    DOCKER_MANIFEST,
    "MANIFEST_INVALID",
    "the registry says",
  ],
  [
    "schema 1",
    { schemaVersion: 1, fsLayers: [] },
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
    "UNSUPPORTED_MEDIA_TYPE",
    "manifest.v1",
  ],
  ["schema 1 as JSON", { schemaVersion: 1 }, "application/json", "UNSUPPORTED_MEDIA_TYPE", "v1"],
  [
    "an unknown type, by name",
    { mediaType: "application/vnd.example.thing", config: blob("a") },
    "",
    "UNSUPPORTED_MEDIA_TYPE",
    "application/vnd.example.thing",
  ],
  [
    "a negative size",
    { ...manifest, layers: [blob("b", -1)] },
    OCI_MANIFEST,
    "MANIFEST_INVALID",
    "layers[0].size is -1",
  ],
  [
    "a size that is a text",
    { ...manifest, config: { ...blob("b"), size: "1" } },
    OCI_MANIFEST,
    "MANIFEST_INVALID",
    'config.size is "1"',
  ],
  [
    "a size beyond exact numbers",
    { ...manifest, layers: [blob("b", 1e300)] },
    OCI_MANIFEST,
    "MANIFEST_INVALID",
    "layers[0].size",
  ],
  [
    "a digest of another algorithm",
    { ...manifest, layers: [{ ...blob("b"), digest: "md5:abc" }] },
    OCI_MANIFEST,
    "MANIFEST_INVALID",
    "layers[0].digest",
  ],
  [
    "a manifest without config",
    { layers: [] },
    OCI_MANIFEST,
    "MANIFEST_INVALID",
    "config is not an object",
  ],
  [
    "layers that are no list",
    { ...manifest, layers: {} },
    OCI_MANIFEST,
    "MANIFEST_INVALID",
    "layers is not a list",
  ],
];
for (const [does, value, received, code, says] of refused) {
  Deno.test(`parseDocument() refuses ${does}`, () => {
    const error = assertThrows(() => parse(value, received), OciPushError);
    assertEquals([error.code, error.terminal], [code as typeof error.code, true]);
    assertStringIncludes(error.message, says);
  });
}

Deno.test("a manifest lists its blobs, an index its children", () => {
  const image = parse(manifest);
  assertEquals(blobsOf(image).map(({ size }) => size), [1, 2, 3]);
  assertEquals(childrenOf(image), []);
  assertEquals(childrenOf(parse(index)).map((entry) => String(entry.digest)), [digest("d")]);
  assertEquals(blobsOf(parse(index)), []);
});

Deno.test("artifactSize() counts config and layers, foreign ones not", () => {
  const foreign = {
    ...blob("e", 100),
    mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    urls: ["https://example.com/layer"],
  };
  assertEquals(artifactSize(parse({ ...manifest, layers: [...manifest.layers, foreign] })), 6);
});

Deno.test("attestedDigest() names the image that an attestation is about", () => {
  const entry = {
    ...blob("d"),
    annotations: {
      "vnd.docker.reference.type": "attestation-manifest",
      "vnd.docker.reference.digest": digest("f"),
    },
  };
  const [attestation] = childrenOf(parse({ manifests: [entry] }));
  assertEquals(String(attestedDigest(attestation!)), digest("f"));
  assertEquals(attestedDigest(childrenOf(parse(index))[0]!), undefined);
});
