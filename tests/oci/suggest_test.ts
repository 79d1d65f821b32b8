import { assertEquals } from "../../lib/std/assert.ts";
import { suggest } from "../../lib/oci/suggest.ts";

const cases: [word: string, candidates: string[], likely: string | undefined][] = [
  ["anotations", ["annotations", "srcRef"], "annotations"],
  ["v2", ["v1.0", "v2.0"], "v2.0"],
  ["v1.2.3", ["v1.2.4", "latest"], "v1.2.4"],
  ["--insecur", ["--insecure-skip-tls-verify", "--help"], "--insecure-skip-tls-verify"],
  ["zzz", ["annotations", "srcRef"], undefined],
  ["x", [], undefined],
];
for (const [word, candidates, likely] of cases) {
  Deno.test(`suggest("${word}") is ${likely}`, () => {
    assertEquals(suggest(word, candidates), likely);
  });
}
