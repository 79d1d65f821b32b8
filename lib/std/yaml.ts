/**
 * @std/yaml, the functions in use (see `encoding.ts` for why it comes from npm).
 *
 * @module
 */

// @ts-types="./yaml_parse.d.ts"
export { parse as parseYaml, parseAll as parseYamlAll } from "npm:deno-std@1.4.0/yaml/parse.js";
// @ts-types="./yaml_stringify.d.ts"
export { stringify as stringifyYaml } from "npm:deno-std@1.4.0/yaml/stringify.js";
