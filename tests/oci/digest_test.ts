import { assertEquals, assertStringIncludes, assertThrows } from "../../lib/std/assert.ts";
import {
  digestAlgorithm,
  digestOf,
  isDigest,
  parseDigest,
  shortDigest,
} from "../../lib/oci/digest.ts";
import { OciPushError } from "../../lib/oci/error.ts";

Deno.test("digestOf() agrees with the known hashes of nothing", async () => {
  const nothing = new Uint8Array();
  assertEquals(
    await digestOf(nothing),
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
  const long = await digestOf(nothing, "sha512");
  assertEquals(digestAlgorithm(long), "sha512");
  assertStringIncludes(long, "sha512:cf83e1357eefb8bdf1542850d66d8007");
});

const texts: [text: string, says: string | undefined][] = [
  [`sha256:${"0".repeat(64)}`, undefined],
  [`sha512:${"f".repeat(128)}`, undefined],
  [`sha256:${"0".repeat(63)}`, "63 characters"],
  [`sha256:${"0".repeat(65)}`, "65 characters"],
  [`sha256:${"G".repeat(64)}`, "0-9 and a-f"],
  [`sha512:${"0".repeat(64)}`, "64 characters after the colon, not 128"],
  ["sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709", '"sha1"'],
  [`__proto__:${"0".repeat(64)}`, '"__proto__"'],
  ["sha256", "0 characters"],
  ["", '""'],
];
for (const [text, says] of texts) {
  Deno.test(`parseDigest() ${says ? "refuses" : "takes"} "${text.slice(0, 30)}"`, () => {
    assertEquals(isDigest(text), says === undefined);
    if (says === undefined) return assertEquals(String(parseDigest(text)), text);
    const error = assertThrows(() => parseDigest(text), OciPushError);
    assertEquals(error.code, "INVALID_REFERENCE");
    assertStringIncludes(error.message, says);
  });
}

Deno.test("shortDigest() keeps twelve characters", () => {
  assertEquals(shortDigest(`sha256:${"5".repeat(64)}`), "sha256:555555555555");
});
