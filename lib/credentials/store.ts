/**
 * Keeping and forgetting logins where docker does.
 *
 * @module
 */

import { applyEdits, modify } from "npm:jsonc-parser@3.3.1";
import { OciPushError } from "../oci/error.ts";
import { encodeBase64 } from "../std/encoding.ts";
import { hostNames, parseConfig } from "./config_file.ts";
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
  const { path, text, helper } = await openConfig(registry, options);
  const host = hostNames(registry)[0]!;
  if (helper) {
    await storeWithHelper(helper, { host, ...login }, options.helper);
    return `docker-credential-${helper}`;
  }
  const auth = encodeBase64(`${login.username}:${login.password}`);
  await writeConfig(path, edit(text, { host, value: { auth } }));
  return path;
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
  const { path, text, helper } = await openConfig(registry, options);
  const names = hostNames(registry);
  const places: string[] = [];
  if (helper && await eraseWithHelper(helper, names[0]!, options.helper)) {
    places.push(`docker-credential-${helper}`);
  }
  const { auths } = parseConfig(text, path);
  const filed = names.filter((host) => Object.hasOwn(auths, host));
  if (filed.length > 0) {
    await writeConfig(
      path,
      filed.reduce((changed, host) => edit(changed, { host, value: undefined }), text),
    );
    places.push(path);
  }
  return places.length > 0 ? places.join(" and ") : undefined;
}

async function openConfig(
  registry: string,
  { environment = processEnvironment() }: StoreOptions,
): Promise<{ path: string; text: string; helper: string | undefined }> {
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
  const { credHelpers, credsStore } = parseConfig(text, path);
  const own = hostNames(registry).map((host) => credHelpers[host]).find((name) => name);
  return { path, text, helper: typeof own === "string" ? own : credsStore };
}

function edit(text: string, { host, value }: { host: string; value: object | undefined }): string {
  const formattingOptions = { insertSpaces: !text.includes("\n\t"), tabSize: 2 };
  return applyEdits(text, modify(text, ["auths", host], value, { formattingOptions }));
}

/** Beside the file and then over it: nobody ever finds half of it, or one that others may read. */
async function writeConfig(path: string, text: string): Promise<void> {
  const folder = path.slice(0, path.lastIndexOf("/")) || ".";
  const partial = `${path}.${crypto.randomUUID()}`;
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(partial, text, { mode: 0o600, createNew: true });
    await Deno.rename(partial, path);
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
