/**
 * The order in which credentials are looked for: the first that has an answer.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import type { Credential } from "../registry/credential.ts";
import {
  type ConfigFile,
  findAuth,
  helperFor,
  keysFor,
  readConfigFile,
  serverName,
} from "./config_file.ts";
import {
  dockerConfigFile,
  type Environment,
  helmConfigFile,
  podmanAuthFiles,
  processEnvironment,
} from "./environment.ts";
import { askHelper, type HelperOptions } from "./helper.ts";
import { findSecret, readSecrets, type Secrets } from "./kubernetes_secrets.ts";
import type { CredentialQuery, CredentialSource } from "./source.ts";

/** Credentials that were given for this very copy. */
export interface ExplicitCredentials {
  /** `USER:PASS` for the source. */
  source?: string;
  /** Where that came from, for people. */
  sourceOrigin?: string;
  /** `USER:PASS` for the destination. */
  destination?: string;
  /** Where that came from, for people. */
  destinationOrigin?: string;
}

/** Options of {@linkcode createCredentialChain}. */
export interface CredentialChainOptions {
  /** Given for this copy. */
  explicit?: ExplicitCredentials;
  /** By host. */
  records?: Readonly<Record<string, { username: string; password: string }>>;
  /** Files or folders of Kubernetes Secrets. */
  secrets?: readonly string[];
  /** Where files are kept. */
  environment?: Environment;
  /** How helpers are run. */
  helper?: HelperOptions;
}

/**
 * Makes a source that looks, in this order, at: what was given for the copy; a record by host;
 * Kubernetes Secrets; Helm's logins, for `oci://`; docker's configuration (`credHelpers`, then
 * `credsStore`, then `auths`); podman's files.
 *
 * Nothing is read before the first question, and each file once.
 *
 * @example
 * ```ts
 * const find = createCredentialChain({ records: { "a.test": { username: "u", password: "p" } } });
 * const query = { registry: "a.test", repository: "app", helm: false, side: "source" } as const;
 * console.assert((await find(query))?.origin === 'a record for "a.test"');
 * ```
 * @param options What was given, and where to look.
 * @returns The source; what it throws names the side and the registry it was asked about.
 */
export function createCredentialChain(options: CredentialChainOptions = {}): CredentialSource {
  const { explicit = {}, records = {}, secrets, environment = processEnvironment() } = options;
  const files = new Map<string, Promise<ConfigFile | undefined>>();
  const open = (path: string | undefined) => {
    if (path === undefined) return undefined;
    let file = files.get(path);
    if (!file) files.set(path, file = readConfigFile(path));
    return file;
  };
  let read: Promise<Secrets> | undefined;

  const steps: ((query: CredentialQuery) => Promise<Credential | undefined>)[] = [
    (query) => Promise.resolve(findExplicit(explicit, query)),
    (query) => Promise.resolve(findRecord(records, query)),
    async (query) => secrets && findSecret(await (read ??= readSecrets(secrets)), query),
    async (query) =>
      query.helm
        ? await findInFile(await open(helmConfigFile(environment)), query, options.helper)
        : undefined,
    async (query) =>
      await findInFile(await open(dockerConfigFile(environment)), query, options.helper),
    async (query) => {
      for (const path of podmanAuthFiles(environment)) {
        const found = await findInFile(await open(path), query, options.helper);
        if (found) return found;
      }
    },
  ];
  return async (query) => {
    try {
      for (const step of steps) {
        const found = await step(query);
        if (found) return found;
      }
    } catch (error) {
      throw error instanceof OciPushError ? concerning(query, error) : error;
    }
  };
}

/** A file and a helper know nothing of sides, and the reader has two. */
function concerning({ registry, side }: CredentialQuery, error: OciPushError): OciPushError {
  const { did } = error.details;
  const looked = `looked for the login to ${registry} (${side})`;
  return error.with({ registry, side, did: did === undefined ? looked : `${looked}, ${did}` });
}

function findExplicit(
  explicit: ExplicitCredentials,
  { side }: CredentialQuery,
): Credential | undefined {
  const text = explicit[side];
  if (text === undefined) return undefined;
  const origin = explicit[`${side}Origin`] ?? "what was given for this copy";
  const colon = text.indexOf(":");
  if (colon > 0) return { username: text.slice(0, colon), password: text.slice(colon + 1), origin };
  throw new OciPushError("INVALID_CREDENTIALS", `cannot use ${origin}: it is not USER:PASS`, {
    terminal: true,
    hint: "write a user, a colon, the password",
  });
}

function findRecord(
  records: Readonly<Record<string, { username: string; password: string }>>,
  { registry }: CredentialQuery,
): Credential | undefined {
  const [host] = keysFor(registry, records);
  if (host === undefined) return undefined;
  const { username, password } = records[host]!;
  return { username, password, origin: `a record for "${host}"` };
}

/** docker's order: the helper, then the file itself. */
async function findInFile(
  file: ConfigFile | undefined,
  query: CredentialQuery,
  options: HelperOptions = {},
): Promise<Credential | undefined> {
  if (!file) return undefined;
  const { registry, signal = null } = query;
  const helper = helperFor(file, registry);
  if (helper) {
    const named = `${helper.setting} of ${file.path}`;
    const found = await askHelper(helper.name, serverName(registry), { ...options, signal })
      .catch((error) => {
        if (!(error instanceof OciPushError)) throw error;
        throw error.with({ did: `asked the helper in ${named}`, file: file.path });
      });
    if (found) return { ...found, origin: `${found.origin} (${named})` };
  }
  return findAuth(file, query);
}
