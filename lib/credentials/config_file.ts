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
  for (const name of candidates(registry, repository)) {
    for (const key of keysFor(name, file.auths)) {
      const credential = readAuth(file.auths[key], `${file.path} (auths["${key}"])`);
      if (credential) return credential;
    }
  }
}

/**
 * The helper that a file names for a host; docker's order.
 *
 * @param file What it says.
 * @param registry Host and port, normalised.
 * @returns The part behind `docker-credential-`, and where it is named; undefined where the file
 * names none, or an empty one for this very host, which means the file itself.
 */
export function helperFor(
  file: ConfigFile,
  registry: string,
): { name: string; setting: "credHelpers" | "credsStore" } | undefined {
  const [key] = keysFor(registry, file.credHelpers);
  const own = key === undefined ? undefined : file.credHelpers[key];
  if (typeof own === "string") return own ? { name: own, setting: "credHelpers" } : undefined;
  return file.credsStore ? { name: file.credsStore, setting: "credsStore" } : undefined;
}

/**
 * The name that docker files a host under, in its file and in helpers.
 *
 * @param registry Host and port.
 * @returns The host; for Docker Hub the address of its first API.
 */
export function serverName(registry: string): string {
  return normaliseKey(registry) === "docker.io" ? "https://index.docker.io/v1/" : registry;
}

/**
 * The keys that mean a host, or a path under one.
 *
 * @param name e.g. `reg.example.com`, `docker.io/team`.
 * @param record What is filed, by key.
 * @returns Keys, the one first that docker writes itself.
 */
export function keysFor(name: string, record: Readonly<Record<string, unknown>>): string[] {
  const wanted = normaliseKey(name);
  const written = serverName(name);
  return Object.keys(record).filter((key) => normaliseKey(key) === wanted)
    .sort((a, b) => Number(b === written) - Number(a === written));
}

/** `host/a/b`, `host/a`, `host`: podman files logins under paths too. */
function candidates(registry: string, repository: string): string[] {
  const parts = [registry, ...repository.split("/")];
  return parts.map((_, i) => parts.slice(0, parts.length - i).join("/"));
}

/**
 * Keys may carry a scheme and the version of an API that nobody speaks any more; without a scheme
 * or a slash behind it, `/v1` is a path.
 */
function normaliseKey(key: string): string {
  return key.toLowerCase()
    .replace(/^https?:\/\/(.+?)(?:\/v[12])?\/?$/, "$1")
    .replace(/\/(?:v[12]\/)?$/, "")
    .replace(/^(?:index\.docker\.io(?:\/v1)?|registry-1\.docker\.io)(?=\/|$)/, "docker.io");
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
