/**
 * Kubernetes Secret manifests, as Kargo's credentials are kept.
 *
 * @module
 */

import { isRecord } from "../oci/descriptor.ts";
import { OciPushError } from "../oci/error.ts";
import { parseReference } from "../oci/reference.ts";
import type { Credential } from "../registry/credential.ts";
import { decodeBase64 } from "../std/encoding.ts";
import { type ConfigFile, findAuth, parseConfig } from "./config_file.ts";
import type { CredentialQuery } from "./source.ts";

/** A Secret that is a login. */
export interface SecretLogin {
  /** What it is called in origins. */
  origin: string;
  /** For `oci://` references, or for all others. */
  type: "helm" | "image";
  /** A repository, or a regular expression. */
  repoURL: string;
  /** Finds the repository in a name; absent where `repoURL` is no pattern. */
  pattern?: (name: string) => boolean;
  /** The user's name. */
  username: string;
  /** The password, never printed. */
  password: string;
}

/** What Secrets were read. */
export interface Secrets {
  /** Labelled logins, in the order of the files. */
  logins: SecretLogin[];
  /** Whole configurations of docker, by their Secret. */
  configs: ConfigFile[];
}

const LABEL = "kargo.akuity.io/cred-type";

/**
 * Reads Secrets from files and folders: single manifests, several documents, Lists.
 *
 * @param paths YAML or JSON files, or folders of them.
 * @returns Logins; other documents are passed over.
 * @throws {OciPushError} `FILE` for what cannot be read, is not YAML, or holds broken base64; never
 * with a value.
 */
export async function readSecrets(paths: readonly string[]): Promise<Secrets> {
  const { parseYamlAll } = await import("../std/yaml.ts");
  const secrets: Secrets = { logins: [], configs: [] };
  for (const path of paths) {
    for (const file of await filesOf(path)) {
      let documents: unknown;
      try {
        const text = await Deno.readTextFile(file);
        // A folder may hold templates and other files that are not quite YAML, and none of ours.
        if (file !== path && !text.includes("Secret")) continue;
        // Every scalar stays the text it is: a password may look like a number or a date.
        documents = parseYamlAll(text, { schema: "failsafe" });
      } catch (cause) {
        if (!(cause instanceof SyntaxError)) throw unreadable(file, cause);
        const line = /at line (\d+)/.exec(cause.message)?.[1]; // the rest would quote the file
        throw new OciPushError(
          "FILE",
          `cannot read ${file}: it is not YAML${line ? ` (line ${line})` : ""}`,
          { terminal: true, file },
        );
      }
      for (const document of [documents].flat()) await collect(document, { file, secrets });
    }
  }
  return secrets;
}

/** Patterns in RE2's syntax, which is Go's and so Kargo's; it takes linear time. */
async function compilePattern(
  pattern: string,
  origin: string,
): Promise<(name: string) => boolean> {
  const { RE2JS } = await import("npm:re2js@2.10.0");
  try {
    const compiled = RE2JS.compile(pattern);
    return (name) => compiled.matcher(name).find();
  } catch (cause) {
    throw new OciPushError("FILE", `cannot read ${origin}: repoURL is no regular expression`, {
      terminal: true,
      hint: "the syntax is RE2's: no look-around, no back-references",
    }, cause);
  }
}

/**
 * The login for a repository: helm's for `oci://`, images' for all others; a name before a pattern.
 *
 * @param secrets What was read.
 * @param query The repository.
 * @returns The credential, if there is one.
 */
export function findSecret(secrets: Secrets, query: CredentialQuery): Credential | undefined {
  const { registry, repository, helm } = query;
  const name = `${registry}/${repository}`;
  const logins = secrets.logins.filter(({ type }) => type === (helm ? "helm" : "image"));
  const found = logins.find(({ pattern, repoURL }) => !pattern && normalise(repoURL) === name) ??
    logins.find(({ pattern }) => pattern?.(helm ? `oci://${name}` : name));
  if (found) return { username: found.username, password: found.password, origin: found.origin };
  for (const config of secrets.configs) {
    const credential = findAuth(config, query);
    if (credential) return credential;
  }
}

async function collect(
  document: unknown,
  into: { file: string; secrets: Secrets },
): Promise<void> {
  if (!isRecord(document)) return;
  if (document.kind === "List" || document.kind === "SecretList") {
    for (const item of Array.isArray(document.items) ? document.items : []) {
      await collect(item, into);
    }
    return;
  }
  if (document.kind !== "Secret") return;
  const { file, secrets } = into;
  const metadata = isRecord(document.metadata) ? document.metadata : {};
  const labels = isRecord(metadata.labels) ? metadata.labels : {};
  const name = [metadata.namespace, metadata.name].filter((part) => typeof part === "string");
  const origin = `Secret ${name.join("/")} in ${file}`;
  const value = (key: string) => valueOf(document, { key, origin });
  if (document.type === "kubernetes.io/dockerconfigjson") {
    const config = value(".dockerconfigjson");
    if (config !== undefined) secrets.configs.push(parseConfig(config, origin));
    return;
  }
  const type = labels[LABEL];
  if (type !== "helm" && type !== "image") return;
  const [repoURL, username, password] = [value("repoURL"), value("username"), value("password")];
  if (!repoURL || username === undefined || password === undefined) return;
  const pattern = value("repoURLIsRegex") === "true"
    ? await compilePattern(repoURL, origin)
    : undefined;
  secrets.logins.push({ origin, type, repoURL, ...(pattern && { pattern }), username, password });
}

/** `stringData` as it is, `data` from base64; the former wins, as it does in Kubernetes. */
function valueOf(
  document: Record<string, unknown>,
  { key, origin }: { key: string; origin: string },
): string | undefined {
  const { stringData, data } = document;
  const plain = isRecord(stringData) ? stringData[key] : undefined;
  if (typeof plain === "string") return plain;
  const encoded = isRecord(data) ? data[key] : undefined;
  if (typeof encoded !== "string") return undefined;
  try {
    return new TextDecoder().decode(decodeBase64(encoded.replace(/\s/g, "")));
  } catch {
    throw new OciPushError("FILE", `cannot read ${origin}: data.${key} is not base64`, {
      terminal: true,
      hint: "plain text belongs under stringData",
    });
  }
}

function normalise(repoURL: string): string | undefined {
  try {
    const { registry, repository } = parseReference(repoURL.trim().toLowerCase());
    return `${registry}/${repository}`;
  } catch {
    return undefined; // a git URL, or nothing that a registry could have
  }
}

async function filesOf(path: string): Promise<string[]> {
  try {
    if (!(await Deno.stat(path)).isDirectory) return [path];
    const files: string[] = [];
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      if (!isDirectory && /\.(ya?ml|json)$/.test(name)) files.push(`${path}/${name}`);
    }
    return files.sort();
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): OciPushError {
  const why = cause instanceof Deno.errors.NotFound
    ? "there is no such file"
    : "it cannot be opened";
  return new OciPushError("FILE", `cannot read Secrets from ${path}: ${why}`, {
    terminal: true,
    file: path,
  }, cause);
}
