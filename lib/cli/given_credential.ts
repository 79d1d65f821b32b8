/**
 * Credentials that a command line, a variable or stdin gives.
 *
 * @module
 */

import type { ExplicitCredentials } from "../credentials/chain.ts";
import { usageError } from "./usage_error.ts";

/** `USER:PASS`, or `-` for stdin. */
export interface GivenCredential {
  /** As given; a secret. */
  text: string;
  /** The flag or the variable. */
  origin: string;
}

/**
 * Reads `USER:PASS`, or `-` for stdin. What does not fit is not repeated: it may be a password.
 *
 * @param text What was typed, or the variable's value.
 * @param name The flag or the variable.
 * @returns The credential.
 * @throws {OciPushError} `INVALID_ARGUMENT` where there is no user and colon.
 */
export function readCredential(text: string, name: string): GivenCredential {
  if (text === "-" || text.indexOf(":") > 0) return { text, origin: name };
  throw usageError(`cannot use ${name}: it is not USER:PASS`, "write a user, a colon, a password");
}

/**
 * Whether a password stands on the command line, where others on the machine can see it.
 *
 * @param given The credential, if there is one.
 * @returns True for a password behind a flag.
 */
export function isExposed(given: GivenCredential | undefined): boolean {
  return given !== undefined && given.text !== "-" && given.origin.startsWith("--");
}

/**
 * Both sides' credentials, with stdin read where one is there.
 *
 * @param given By side; stdin for one of them at most.
 * @param input Reads stdin.
 * @returns The first link of the credential chain.
 */
export async function readGiven(
  given: { source?: GivenCredential | undefined; destination?: GivenCredential | undefined },
  input: () => Promise<string>,
): Promise<ExplicitCredentials> {
  const explicit: ExplicitCredentials = {};
  for (const side of ["source", "destination"] as const) {
    const credential = given[side];
    if (!credential) continue;
    const { text, origin } = credential;
    explicit[side] = text === "-" ? (await input()).replace(/\r?\n$/, "") : text;
    explicit[`${side}Origin`] = text === "-" ? `stdin (${origin} -)` : origin;
  }
  return explicit;
}
