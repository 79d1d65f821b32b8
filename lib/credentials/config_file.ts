/**
 * Files in the format of docker's config.json, which Helm and podman share.
 *
 * @module
 */

import { isRecord } from "../oci/descriptor.ts";
import { OciPushError } from "../oci/error.ts";
import type { Credential } from "../registry/credential.ts";
import { decodeBase64 } from "../std/encoding.ts";

/** What a file says about logins. */
export interface ConfigFile {
  /** Where it is. */
  path: string;
  /** Logins by host, or by host and path. */
  auths: Record<string, unknown>;
  /** Helpers by host. */
  credHelpers: Record<string, unknown>;
  /** The helper for all other hosts. */
  credsStore?: string;
}

/**
 * Reads a file.
 *
 * @param path Where it is.
 * @returns What it says; undefined where there is none, or it may not be read.
 * @throws {OciPushError} `FILE` for what is not JSON; never with its content.
 */
export async function readConfigFile(path: string): Promise<ConfigFile | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    if (isAbsence(cause)) return undefined;
    throw new OciPushError("FILE", `cannot read ${path}: it cannot be opened`, {
      terminal: true,
      file: path,
    }, cause);
  }
  return parseConfig(text, path);
}

/**
 * Reads the text of such a file.
 *
 * @param text JSON.
 * @param path What it is called in errors and origins.
 * @returns What it says.
 * @throws {OciPushError} `FILE` for what is not JSON; never with its content.
 */
export function parseConfig(text: string, path: string): ConfigFile {
  let value: unknown;
  try {
    value = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    value = undefined; // the parser's message would quote the file
  }
  if (!isRecord(value)) {
    throw new OciPushError("FILE", `cannot read ${path}: it is not a JSON object`, {
      terminal: true,
      file: path,
      hint: "mend the file, or log in again after moving it away",
    });
  }
  const { auths, credHelpers, credsStore } = value;
  return {
    path,
    auths: isRecord(auths) ? auths : {},
    credHelpers: isRecord(credHelpers) ? credHelpers : {},
    ...(typeof credsStore === "string" && credsStore && { credsStore }),
  };
}

/**
 * The login that a file itself holds for a repository, the longest path first.
 *
 * @param file What it says.
 * @param query Host, and path under it.
 * @returns The credential, if there is one.
 */
export function findAuth(
  file: ConfigFile,
  { registry, repository }: { registry: string; repository: string },
): Credential | undefined {
  const keys = Object.keys(file.auths);
  for (const wanted of candidates(registry, repository)) {
    for (const key of keys.filter((key) => normaliseKey(key) === wanted)) {
      const origin = `${file.path} (auths["${key}"])`;
      const credential = readAuth(file.auths[key], origin);
      if (credential) return credential;
    }
  }
}

/**
 * The names that docker may file a host under, likeliest first.
 *
 * @param registry Host and port, normalised.
 * @returns Names for helpers.
 */
export function hostNames(registry: string): string[] {
  return registry === "docker.io"
    ? ["https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io"]
    : [registry, `https://${registry}`];
}

/** `host/a/b`, `host/a`, `host`: podman files logins under paths too. */
function candidates(registry: string, repository: string): string[] {
  const parts = [registry, ...repository.split("/")];
  return parts.map((_, i) => parts.slice(0, parts.length - i).join("/"));
}

/** Keys may carry a scheme and the version of an API that nobody speaks any more. */
function normaliseKey(key: string): string {
  const bare = key.replace(/^https?:\/\//, "").replace(/\/(v[12]\/?)?$/, "").toLowerCase();
  return bare.replace(/^(index\.docker\.io|registry-1\.docker\.io)(?=\/|$)/, "docker.io");
}

function readAuth(entry: unknown, origin: string): Credential | undefined {
  if (!isRecord(entry)) return undefined;
  const { auth, identitytoken: identityToken, username, password } = entry;
  if (typeof identityToken === "string" && identityToken) return { identityToken, origin };
  if (typeof auth === "string" && auth) {
    let text: string;
    try {
      text = new TextDecoder().decode(decodeBase64(auth));
    } catch {
      throw new OciPushError("FILE", `cannot read ${origin}: its auth is not base64`, {
        terminal: true,
      });
    }
    const colon = text.indexOf(":");
    // Some writers pad the password with zero bytes.
    if (colon > 0) {
      return { username: text.slice(0, colon), password: trimZeros(text.slice(colon + 1)), origin };
    }
  }
  return typeof username === "string" && typeof password === "string" && username
    ? { username, password, origin }
    : undefined;
}

function trimZeros(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x00+$/, "");
}

function isAbsence(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.PermissionDenied;
}
