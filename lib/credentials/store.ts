/**
 * Keeping and forgetting logins where docker does.
 *
 * @module
 */

import { applyEdits, modify } from "npm:jsonc-parser@3.3.1";
import { OciPushError } from "../oci/error.ts";
import { encodeBase64 } from "../std/encoding.ts";
import { helperFor, keysFor, parseConfig, serverName } from "./config_file.ts";
import { dockerConfigFile, type Environment, processEnvironment } from "./environment.ts";
import { eraseWithHelper, type HelperOptions, storeWithHelper } from "./helper.ts";

/** Options of {@linkcode storeCredential} and {@linkcode eraseCredential}. */
export interface StoreOptions {
  /** Where files are kept. */
  environment?: Environment;
  /** How helpers are run. */
  helper?: HelperOptions;
}

/**
 * Keeps a login: in the helper that docker's configuration names for the host or for all, else in
 * that file itself, readable for its owner alone. The rest of the file stays.
 *
 * @param registry Host and port, normalised.
 * @param login User and password.
 * @param options Where files are kept.
 * @returns Where it is kept now, for people.
 * @throws {OciPushError} `FILE` where the file cannot be read or written, `INVALID_CREDENTIALS` for
 * a helper that fails.
 */
export async function storeCredential(
  registry: string,
  login: { username: string; password: string },
  options: StoreOptions = {},
): Promise<string> {
  const { path, text, auths, helper } = await openConfig(registry, options);
  const host = serverName(registry);
  if (helper) await storeWithHelper(helper, { host, ...login }, options.helper);
  // Other spellings of the host, and a password in clear text beside a helper, go.
  const filed = keysFor(registry, auths);
  let changed = forget(text, helper ? filed : filed.filter((key) => key !== host));
  if (!helper) {
    const entry = { auth: encodeBase64(`${login.username}:${login.password}`) };
    // `auths` may be null: programs in Go write an empty map so.
    changed = Object.keys(auths).length > 0
      ? edit(changed, ["auths", host], entry)
      : edit(changed, ["auths"], { [host]: entry });
  }
  if (changed !== text) await writeConfig(path, changed);
  return helper ? `docker-credential-${helper}` : path;
}

/**
 * Forgets a login, in the helper and in the file.
 *
 * @param registry Host and port, normalised.
 * @param options Where files are kept.
 * @returns Where it was, for people; undefined where there was none.
 * @throws {OciPushError} as {@linkcode storeCredential} does.
 */
export async function eraseCredential(
  registry: string,
  options: StoreOptions = {},
): Promise<string | undefined> {
  const { path, text, auths, helper } = await openConfig(registry, options);
  const filed = keysFor(registry, auths);
  const places: string[] = [];
  if (helper && await eraseWithHelper(helper, serverName(registry), options.helper)) {
    places.push(`docker-credential-${helper}`);
  }
  if (filed.length > 0) {
    await writeConfig(path, forget(text, filed));
    places.push(path);
  }
  return places.length > 0 ? places.join(" and ") : undefined;
}

interface OpenedConfig {
  path: string;
  text: string;
  auths: Record<string, unknown>;
  helper: string | undefined;
}

async function openConfig(
  registry: string,
  { environment = processEnvironment() }: StoreOptions,
): Promise<OpenedConfig> {
  const path = dockerConfigFile(environment);
  if (path === undefined) {
    throw new OciPushError("FILE", "cannot keep a login: there is no home folder", {
      terminal: true,
      hint: "set HOME or DOCKER_CONFIG",
    });
  }
  let text = "{}\n";
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw unwritable(path, cause);
  }
  const file = parseConfig(text, path);
  return { path, text, auths: file.auths, helper: helperFor(file, registry)?.name };
}

function forget(text: string, hosts: string[]): string {
  return hosts.reduce((changed, host) => edit(changed, ["auths", host], undefined), text);
}

function edit(text: string, place: string[], value: unknown): string {
  const formattingOptions = { insertSpaces: !text.includes("\n\t"), tabSize: 2 };
  return applyEdits(text, modify(text, place, value, { formattingOptions }));
}

/** Beside the file and then over it: nobody ever finds half of it, or one that others may read. */
async function writeConfig(path: string, text: string): Promise<void> {
  // Where the file is a link, as in a folder of dotfiles, what it leads to is replaced.
  const target = await Deno.realPath(path).catch(() => path);
  const folder = target.slice(0, target.lastIndexOf("/")) || ".";
  const partial = `${target}.${crypto.randomUUID()}`;
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(partial, text, { mode: 0o600, createNew: true });
    await Deno.rename(partial, target);
  } catch (cause) {
    await Deno.remove(partial).catch(() => {});
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): OciPushError {
  return new OciPushError("FILE", `cannot keep a login in ${path}: it cannot be opened`, {
    terminal: true,
    file: path,
  }, cause);
}
