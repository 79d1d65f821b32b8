/**
 * @std/path, the functions in use (see `encoding.ts` for why it comes from npm).
 *
 * @module
 */

// @ts-types="./path_constants.d.ts"
export { SEPARATOR } from "npm:deno-std@1.4.0/path/constants.js";
// @ts-types="./path_is_absolute.d.ts"
export { isAbsolute } from "npm:deno-std@1.4.0/path/is_absolute.js";
// @ts-types="./path_join.d.ts"
export { join } from "npm:deno-std@1.4.0/path/join.js";
// @ts-types="./path_normalize.d.ts"
export { normalize } from "npm:deno-std@1.4.0/path/normalize.js";
// @ts-types="./path_relative.d.ts"
export { relative } from "npm:deno-std@1.4.0/path/relative.js";
