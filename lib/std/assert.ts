/**
 * @std/assert, the functions in use (see `encoding.ts` for why it comes from npm).
 *
 * @module
 */

// @ts-types="./assert.d.ts"
export {
  assert,
  assertEquals,
  assertExists,
  assertGreater,
  assertInstanceOf,
  AssertionError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
  fail,
} from "npm:deno-std@1.4.0/assert/mod.js";
