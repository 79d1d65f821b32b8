/**
 * Names and passwords in requests.
 *
 * @module
 */

import { decodeBase64 } from "../std/encoding.ts";
import type { AuthBase } from "./auth.ts";

/** What an `Authorization` header says. */
export type Claim =
  | { kind: "none" }
  | { kind: "basic"; user: string; password: string }
  | { kind: "bearer"; token: string }
  | { kind: "unreadable" };

/**
 * Reads an `Authorization` header. Follows RFC 7617 and RFC 6750 §2.1.
 *
 * @param header The header's value, if there was one.
 * @returns What it claims, unchecked.
 */
export function parseAuthorization(header: string | null): Claim {
  if (header === null) return { kind: "none" };
  const [, scheme = "", value = ""] = /^(\S+) +(\S+)\s*$/.exec(header) ?? [];
  if (scheme.toLowerCase() === "bearer") return { kind: "bearer", token: value };
  if (scheme.toLowerCase() !== "basic") return { kind: "unreadable" };
  try {
    const text = new TextDecoder().decode(decodeBase64(value));
    const colon = text.indexOf(":");
    if (colon < 0) return { kind: "unreadable" };
    return { kind: "basic", user: text.slice(0, colon), password: text.slice(colon + 1) };
  } catch {
    return { kind: "unreadable" };
  }
}

/**
 * Checks a name and its password.
 *
 * @param auth Who has which.
 * @param claim What a request says.
 * @returns True for a known user's password.
 */
export function isPasswordOf(
  { users }: AuthBase,
  claim: Claim,
): claim is Extract<Claim, { kind: "basic" }> {
  return claim.kind === "basic" && Object.hasOwn(users, claim.user) &&
    users[claim.user] === claim.password;
}
