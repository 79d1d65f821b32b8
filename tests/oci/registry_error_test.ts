import { assertEquals } from "../../lib/std/assert.ts";
import {
  formatRegistryErrors,
  parseRegistryErrors,
  type RegistryError,
} from "../../lib/oci/registry_error.ts";

const cases: [text: string, ...errors: RegistryError[]][] = [
  ['{"errors":[{"code":"A","message":"m","detail":{"x":1}}]}', {
    code: "A",
    message: "m",
    detail: { x: 1 },
  }],
  ['{"errors":[{"code":"A"},{"message":"m"}]}', { code: "A", message: "" }, {
    code: "",
    message: "m",
  }],
  ['{"details":"incorrect username or password"}', {
    code: "",
    message: "incorrect username or password",
  }],
  ['{"error":"invalid_grant","message":"no"}', { code: "invalid_grant", message: "no" }],
  ['{"errors":[null,1,"x",{}]}'],
  ['{"errors":"x"}'],
  ['{"code":5,"message":{}}'],
  ["[]"],
  ["null"],
  [""],
  ["<html>"],
  ['{"errors":[{"code":"A"'],
];

for (const [text, ...errors] of cases) {
  Deno.test(`parseRegistryErrors() reads ${text}`, () => {
    assertEquals(parseRegistryErrors(text), errors);
  });
}

Deno.test("formatRegistryErrors() writes what parseRegistryErrors() reads", () => {
  const errors = [{ code: "A", message: "m", detail: ["x"] }, { code: "B", message: "" }];
  assertEquals(parseRegistryErrors(formatRegistryErrors(errors)), errors);
});
