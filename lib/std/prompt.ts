/**
 * @std/cli, the prompt for secrets (see `encoding.ts` for why it comes from npm); apart from the
 * rest, since only `login` needs it.
 *
 * @module
 */

// @ts-types="./cli_prompt_secret.d.ts"
export { promptSecret } from "npm:deno-std@1.4.0/cli/prompt_secret.js";
