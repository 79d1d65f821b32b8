/**
 * Answers that several calls give.
 *
 * @module
 */

import { formatRegistryErrors } from "../oci/registry_error.ts";

/** The codes of distribution-spec 1.1, "Error Codes", and `UNKNOWN` for the registry's own faults. */
export type RefusalCode =
  | "BLOB_UNKNOWN"
  | "BLOB_UPLOAD_INVALID"
  | "BLOB_UPLOAD_UNKNOWN"
  | "DIGEST_INVALID"
  | "MANIFEST_BLOB_UNKNOWN"
  | "MANIFEST_INVALID"
  | "MANIFEST_UNKNOWN"
  | "NAME_INVALID"
  | "NAME_UNKNOWN"
  | "SIZE_INVALID"
  | "UNAUTHORIZED"
  | "DENIED"
  | "UNSUPPORTED"
  | "UNKNOWN";

/** What to say in a refusal. */
export interface Refusal {
  /** The class of the problem. */
  code: RefusalCode;
  /** The problem in words. */
  message: string;
  /** More for programs; one error for each. */
  details?: unknown[];
  /** Headers beside the Content-Type. */
  headers?: Record<string, string>;
}

/**
 * An answer with an error body.
 *
 * @param status The HTTP status.
 * @param refusal What to say.
 * @returns The answer.
 */
export function refuse(status: number, refusal: Refusal): Response {
  const { code, message, details = [undefined], headers } = refusal;
  const errors = details.map((detail) => ({
    code,
    message,
    ...(detail === undefined ? {} : { detail }),
  }));
  return new Response(formatRegistryErrors(errors), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}

/**
 * The refusal of a method that a place does not have.
 *
 * @param allowed The methods it has.
 * @returns The answer.
 */
export function refuseMethod(allowed: string[]): Response {
  return refuse(405, {
    code: "UNSUPPORTED",
    message: `only ${allowed.join(", ")} can be done here`,
    headers: { allow: allowed.join(", ") },
  });
}

/**
 * The refusal of a text that should have been a digest.
 *
 * @param text What came instead.
 * @returns The answer.
 */
export function refuseDigest(text: string): Response {
  return refuse(400, {
    code: "DIGEST_INVALID",
    message: "not a sha256 or sha512 digest",
    details: [{ digest: text }],
  });
}

/**
 * An answer in JSON.
 *
 * @param value What to say.
 * @param headers Headers beside the Content-Type, which may be among them.
 * @returns The answer, with status 200.
 */
export function answerJson(value: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), {
    headers: { "content-type": "application/json", ...headers },
  });
}
