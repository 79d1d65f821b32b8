/**
 * Why a port could not be had.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";

/**
 * Words for a failure to listen.
 *
 * @param address Host and port that were asked for.
 * @param cause What the runtime threw.
 * @returns The error to throw; a programming mistake stays what it is.
 */
export function listenError(address: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof TypeError || cause instanceof RangeError) {
    return cause;
  }
  const { code, problem, hint } = explain(cause, address);
  return new OciPushError(
    code,
    `cannot serve a registry on ${address}: ${problem}`,
    { terminal: true, registry: address, hint },
    cause,
  );
}

function explain(
  cause: Error,
  address: string,
): { code: "UNREACHABLE" | "PERMISSION" | "INVALID_ARGUMENT"; problem: string; hint: string } {
  if (cause instanceof Deno.errors.AddrInUse) {
    return {
      code: "UNREACHABLE",
      problem: "something else listens there",
      hint: "choose another port, or 0 for any that is free",
    };
  }
  if (cause instanceof Deno.errors.NotCapable) {
    return {
      code: "PERMISSION",
      problem: "Deno was not allowed to listen",
      hint: `allow it with --allow-net=${address}`,
    };
  }
  if (cause instanceof Deno.errors.PermissionDenied) {
    return {
      code: "PERMISSION",
      problem: "the system does not allow it",
      hint: "ports below 1024 often need an administrator: choose a higher one",
    };
  }
  if (cause instanceof Deno.errors.InvalidData) {
    return {
      code: "INVALID_ARGUMENT",
      problem: `the certificate or its key cannot be used: ${cause.message}`,
      hint: "both have to be PEM texts, the certificate first, then those that signed it",
    };
  }
  return {
    code: "UNREACHABLE",
    problem: cause.message,
    hint: "the address must be one of this machine",
  };
}
