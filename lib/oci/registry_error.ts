/**
 * The error bodies of the distribution API.
 *
 * @module
 */

import { isRecord } from "./descriptor.ts";

/** One error as a registry puts it. Follows distribution-spec 1.1, "Error Codes". */
export interface RegistryError {
  /** e.g. `MANIFEST_UNKNOWN`; an empty text where the body has none. */
  code: string;
  /** The registry's words, raw: they go through the printer's cleaning before a terminal. */
  message: string;
  /** Whatever else it says. */
  detail?: unknown;
}

/**
 * Reads the errors of a body, as far as it has any.
 *
 * @param text The body, read up to a bound by the caller.
 * @returns The errors in order; none for what is no such JSON.
 */
export function parseRegistryErrors(text: string): RegistryError[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return [];
  }
  if (!isRecord(body)) return [];
  // The specification's list, and the single object that token servers and proxies send.
  const list = Array.isArray(body.errors) ? body.errors : [body];
  return list.filter(isRecord).map(({ code, error, message, details, detail }) => ({
    code: typeof code === "string" ? code : typeof error === "string" ? error : "",
    message: typeof message === "string" ? message : typeof details === "string" ? details : "",
    ...(detail === undefined ? {} : { detail }),
  })).filter(({ code, message }) => code !== "" || message !== "");
}

/**
 * Writes the body of an error answer.
 *
 * @param errors What to say.
 * @returns JSON, as the specification has it.
 */
export function formatRegistryErrors(errors: RegistryError[]): string {
  return JSON.stringify({ errors });
}
