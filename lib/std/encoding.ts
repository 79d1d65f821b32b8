/**
 * @std/encoding, the functions in use. It comes from npm, where JSR cannot be reached, and is named
 * by an `npm:` specifier, since a module imported by URL does not see the deno.json beside it.
 *
 * @module
 */

// @ts-types="./encoding_base64.d.ts"
export { decodeBase64, encodeBase64 } from "npm:deno-std@1.4.0/encoding/base64.js";
// @ts-types="./encoding_hex.d.ts"
export { decodeHex, encodeHex } from "npm:deno-std@1.4.0/encoding/hex.js";
