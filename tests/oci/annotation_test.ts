import { assertEquals, assertThrows } from "../../lib/std/assert.ts";
import { parseAnnotations } from "../../lib/oci/annotation.ts";
import { OciPushError } from "../../lib/oci/error.ts";

const cases: {
  does: string;
  given: Record<string, string>;
  index: Record<string, string>;
  manifest: Record<string, string>;
}[] = [
  { does: "a bare key goes on manifests", given: { a: "1" }, index: {}, manifest: { a: "1" } },
  {
    does: "manifest: says the same",
    given: { "manifest:a": "1" },
    index: {},
    manifest: { a: "1" },
  },
  { does: "index: goes on the index", given: { "index:a": "1" }, index: { a: "1" }, manifest: {} },
  {
    does: "a scope wins over a bare key, whatever the order",
    given: { "manifest:a": "scoped", a: "bare" },
    index: {},
    manifest: { a: "scoped" },
  },
  {
    does: "other colons are part of the key",
    given: { "x:a": "1" },
    index: {},
    manifest: { "x:a": "1" },
  },
  { does: "values may be anything", given: { a: "=\n✓" }, index: {}, manifest: { a: "=\n✓" } },
  { does: "a value may be empty", given: { a: "" }, index: {}, manifest: { a: "" } },
];
for (const { does, given, index, manifest } of cases) {
  Deno.test(`parseAnnotations(): ${does}`, () => {
    const parsed = parseAnnotations(given);
    assertEquals(Object.fromEntries(parsed.index), index);
    assertEquals(Object.fromEntries(parsed.manifest), manifest);
  });
}

for (const key of ["", "index:", "manifest:"]) {
  Deno.test(`parseAnnotations() refuses the key "${key}"`, () => {
    const error = assertThrows(() => parseAnnotations({ [key]: "x" }), OciPushError);
    assertEquals(error.code, "INVALID_ARGUMENT");
  });
}
