import { assertEquals } from "../../lib/std/assert.ts";
import { cleanText } from "../../lib/oci/text.ts";

const cases: [text: string, clean: string][] = [
  ["", ""],
  ["denied", "denied"],
  ["  a\t b \r\n c ", "a b c"],
  ["a\n::warning::b", "a ::warning::b"],
  ["\x1b[2J\x07\x9b", "\\x1b[2J\\x07\\x9b"],
  ["a\u202eb\u2066c", "a\\u202eb\\u2066c"],
  ["Zugriff verweigert: größer als 1 €", "Zugriff verweigert: größer als 1 €"],
];

for (const [text, clean] of cases) {
  Deno.test(`cleanText() makes ${JSON.stringify(text)} ${JSON.stringify(clean)}`, () => {
    assertEquals(cleanText(text), clean);
  });
}

Deno.test("cleanText() keeps 300 characters, and is done soon with a million", () => {
  assertEquals(cleanText("x".repeat(300)), "x".repeat(300));
  assertEquals(cleanText("x".repeat(1_000_000)), `${"x".repeat(299)}…`);
});
