/**
 * @std/cli, the functions in use (see `encoding.ts` for why it comes from npm).
 *
 * @module
 */

// @ts-types="./cli_parse_args.d.ts"
export { parseArgs } from "npm:deno-std@1.4.0/cli/parse_args.js";
