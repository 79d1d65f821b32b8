/**
 * Credential helpers: programs that keep logins in the system's own store.
 *
 * @module
 */

import { isRecord } from "../oci/descriptor.ts";
import { OciPushError } from "../oci/error.ts";
import { cleanText } from "../oci/text.ts";
import type { Credential } from "../registry/credential.ts";
import { plainWords } from "./_plain_words.ts";
import { type ProgramOutcome, runProgram } from "./_run_program.ts";

/** How long a helper may take, in milliseconds: it may ask the user for a touch of a key. */
const TIME_LIMIT = 30_000;

/** Options of the helper calls. */
export interface HelperOptions {
  /** Ends the waiting. */
  signal?: AbortSignal | null;
  /** How long the helper may take, in milliseconds. @default {30_000} */
  timeLimit?: number;
  /** More variables for the program. */
  env?: Record<string, string>;
}

/**
 * Asks a helper for a login. Follows the protocol of docker-credential-helpers: the host on stdin,
 * JSON on stdout.
 *
 * @param name The part behind `docker-credential-`.
 * @param host The name that the login is filed under.
 * @param options When to stop.
 * @returns The credential; undefined where the helper knows of none.
 * @throws {OciPushError} `INVALID_CREDENTIALS` for a helper that fails; never with what it printed
 * on success.
 */
export async function askHelper(
  name: string,
  host: string,
  options: HelperOptions = {},
): Promise<Credential | undefined> {
  const outcome = await runHelper(name, { ...options, action: "get", input: host });
  if (outcome.code !== 0) {
    if (knowsOfNone(outcome)) return undefined;
    throw failed(name, endOf(outcome));
  }
  const origin = `docker-credential-${name}`;
  let answer: unknown;
  try {
    answer = JSON.parse(outcome.stdout);
  } catch {
    answer = undefined;
  }
  if (
    !isRecord(answer) || typeof answer.Username !== "string" || typeof answer.Secret !== "string"
  ) {
    throw failed(name, "it does not answer with a user and a secret");
  }
  const { Username: username, Secret: secret } = answer;
  if (secret === "") return undefined;
  return username === "<token>"
    ? { identityToken: secret, origin }
    : { username, password: secret, origin };
}

/**
 * Hands a login to a helper.
 *
 * @param name The part behind `docker-credential-`.
 * @param login Host, user and password.
 * @param options When to stop.
 * @throws {OciPushError} `INVALID_CREDENTIALS` for a helper that fails.
 */
export async function storeWithHelper(
  name: string,
  login: { host: string; username: string; password: string },
  options: HelperOptions = {},
): Promise<void> {
  const { host: ServerURL, username: Username, password: Secret } = login;
  const input = JSON.stringify({ ServerURL, Username, Secret });
  const outcome = await runHelper(name, { ...options, action: "store", input });
  if (outcome.code !== 0) {
    throw failed(name, `it does not keep the login, ${endOf(outcome, Secret)}`);
  }
}

/**
 * Tells a helper to forget a login.
 *
 * @param name The part behind `docker-credential-`.
 * @param host The name that the login is filed under.
 * @param options When to stop.
 * @returns False where it knew of none.
 * @throws {OciPushError} `INVALID_CREDENTIALS` for a helper that fails.
 */
export async function eraseWithHelper(
  name: string,
  host: string,
  options: HelperOptions = {},
): Promise<boolean> {
  const outcome = await runHelper(name, { ...options, action: "erase", input: host });
  if (outcome.code === 0) return true;
  if (knowsOfNone(outcome)) return false;
  throw failed(name, `it does not forget the login, ${endOf(outcome)}`);
}

interface RunOptions extends HelperOptions {
  action: "get" | "store" | "erase";
  input: string;
}

async function runHelper(name: string, options: RunOptions): Promise<ProgramOutcome> {
  const { action, input, env = {}, signal, timeLimit = TIME_LIMIT } = options;
  if (!/^[\w.-]+$/.test(name)) throw failed(name, "that is not the name of a program");
  const late = AbortSignal.timeout(timeLimit);
  const stop = signal ? AbortSignal.any([signal, late]) : late;
  try {
    return await runProgram(`docker-credential-${name}`, {
      args: [action],
      input,
      env,
      signal: stop,
    });
  } catch (cause) {
    signal?.throwIfAborted();
    if (late.aborted) throw failed(name, `it gave no answer within ${timeLimit / 1000} s`);
    if (cause instanceof RangeError) throw failed(name, cause.message);
    if (cause instanceof Deno.errors.NotFound) throw failed(name, "it is not on the PATH", cause);
    if (cause instanceof Deno.errors.NotCapable) {
      throw failed(name, "this program may not run it: it lacks --allow-run", cause);
    }
    throw failed(name, "it cannot be started", cause);
  }
}

/** What the helpers of docker, and those written after them, say when they have no login. */
function knowsOfNone({ stdout, stderr }: ProgramOutcome): boolean {
  return /credentials not found|not found in native keychain|no credentials/i
    .test(`${stdout} ${stderr}`);
}

/** What a helper says to a failed question may hold anything, the login included. */
function endOf({ code, stdout, stderr }: ProgramOutcome, secret = ""): string {
  const said = `${stderr} ${stdout}`;
  const words = plainWords(cleanText(secret ? said.replaceAll(secret, " … ") : said));
  return `it ends with ${code}${words && `: "${words}"`}`;
}

function failed(name: string, problem: string, cause?: unknown): OciPushError {
  return new OciPushError(
    "INVALID_CREDENTIALS",
    `cannot ask docker-credential-${cleanText(name)}: ${problem}`,
    {
      terminal: true,
      hint: "docker's config.json names it in credHelpers or credsStore; install it, take it out " +
        "there, or give credentials by OCI_PUSH_SRC_CREDS and OCI_PUSH_DEST_CREDS",
    },
    cause,
  );
}
