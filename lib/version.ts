/**
 * The version, in the one place that code reads it from: a compiled binary and a module imported
 * by URL have no deno.json beside them.
 *
 * @module
 */

/** The version of oci-push; a test compares it with deno.json. */
export const VERSION = "0.1.0";
