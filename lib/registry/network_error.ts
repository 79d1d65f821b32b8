/**
 * What a failed connection means, in words.
 *
 * @module
 */

import { OciPushError, type Side } from "../oci/error.ts";

/** What was being done, for {@linkcode describeNetworkError}. */
export interface NetworkAction {
  /** What failed, e.g. `cannot read blob sha256:5ca8… of prod.example.com/team/app`. */
  action: string;
  /** Host and port as named in the reference. */
  registry: string;
  /** Which end of a copy it is. */
  side?: Side;
  /** The path under the registry. */
  repository?: string;
  /** The blob or manifest concerned. */
  digest?: string;
}

/**
 * Turns what `fetch` or a body's reader throws into an error that says what happened.
 *
 * @param cause What was thrown.
 * @param action What was being done.
 * @returns `UNREACHABLE`, `TLS` or `TIMEOUT`; an OciPushError comes back as it is.
 */
export function describeNetworkError(cause: unknown, action: NetworkAction): OciPushError {
  if (cause instanceof OciPushError) return cause;
  return new OciPushError("UNREACHABLE", `${action.action}: not yet`, { terminal: false }, cause);
}
