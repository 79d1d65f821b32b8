/**
 * References: where an artifact is, as people type it.
 *
 * @module
 */

import { type Digest, parseDigest } from "./digest.ts";
import { OciPushError } from "./error.ts";

/** A registry, a repository in it, and a tag or a digest or both. Plain data. */
export interface Reference {
  /** Host and port, normalised: Docker Hub is always `docker.io`. */
  registry: string;
  /** The path under the registry, normalised: `nginx` on Docker Hub is `library/nginx`. */
  repository: string;
  /** The tag; a `+` of a Helm version has become `_`, as Helm itself does. */
  tag?: string;
  /** The digest. */
  digest?: Digest;
  /** True for `oci://`, which chooses Helm's credentials. */
  helm: boolean;
  /** As typed, without `oci://`. */
  text: string;
}

const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const HOST =
  /^(?:(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])(?:\.(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]))*|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?$/;
const MAX_NAME = 255;

/**
 * Reads a reference: `[oci://][host[:port]/]path[:tag][@digest]`.
 *
 * Follows the grammar of distribution/reference, with Docker's short names: a first component
 * without a dot, a port or `localhost` belongs to Docker Hub.
 *
 * @example
 * ```ts
 * const reference = parseReference("localhost:5000/team/app:v1");
 * console.assert(reference.registry === "localhost:5000" && reference.tag === "v1");
 * console.assert(parseReference("nginx").repository === "library/nginx");
 * ```
 * @param text What the user typed.
 * @returns The reference, normalised.
 * @throws {OciPushError} `INVALID_REFERENCE`, saying which part is wrong and how it should look.
 */
export function parseReference(text: string): Reference {
  const helm = text.startsWith("oci://");
  const typed = helm ? text.slice("oci://".length) : text;
  const refuse = refuser(text);
  if (typed === "") throw refuse("it is empty", "name it as HOST/PATH:TAG or HOST/PATH@DIGEST");
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed);
  if (scheme) {
    const rest = typed.slice(scheme[0].length);
    throw refuse(
      `a reference has no "${scheme[0]}" in front`,
      scheme[1] === "http"
        ? `write ${rest}, and --endpoint ${rest.split("/")[0]}=http://${
          rest.split("/")[0]
        } for plain http`
        : `write ${rest}`,
    );
  }

  const at = typed.indexOf("@");
  const digestText = at < 0 ? undefined : typed.slice(at + 1);
  const nameAndTag = at < 0 ? typed : typed.slice(0, at);
  const colon = nameAndTag.indexOf(":", nameAndTag.lastIndexOf("/") + 1);
  const name = colon < 0 ? nameAndTag : nameAndTag.slice(0, colon);
  const tagText = colon < 0 ? undefined : nameAndTag.slice(colon + 1);

  const { registry, repository } = parseName(name, refuse);
  const reference: Reference = { registry, repository, helm, text: typed };
  if (tagText !== undefined) reference.tag = parseTag(tagText, { helm, refuse });
  if (digestText !== undefined) {
    try {
      reference.digest = parseDigest(digestText);
    } catch (cause) {
      if (!(cause instanceof OciPushError)) throw cause;
      throw refuse(cause.message.slice(cause.message.indexOf(": ") + 2), cause.hint);
    }
  }
  return reference;
}

/**
 * Writes a reference in its full, normalised form; the inverse of {@linkcode parseReference}.
 *
 * @param reference The reference, or the parts of one.
 * @returns e.g. `docker.io/library/nginx:1.27@sha256:…`, without `oci://`.
 */
export function formatReference(
  reference: Pick<Reference, "registry" | "repository" | "tag" | "digest">,
): string {
  const { registry, repository, tag, digest } = reference;
  return `${registry}/${repository}${tag ? `:${tag}` : ""}${digest ? `@${digest}` : ""}`;
}

/**
 * Tells whether two references name the same repository of the same registry.
 *
 * @param a One reference.
 * @param b The other.
 * @returns True when registry and repository are equal after normalising.
 */
export function isSameRepository(
  a: Pick<Reference, "registry" | "repository">,
  b: Pick<Reference, "registry" | "repository">,
): boolean {
  return a.registry === b.registry && a.repository === b.repository;
}

/**
 * Tells whether a text can be a repository's path on a registry.
 *
 * @param path e.g. `team/app`.
 * @returns True when it fits the distribution specification's grammar for `<name>`.
 */
export function isRepositoryPath(path: string): boolean {
  return path.length <= MAX_NAME && path.split("/").every((part) => PATH_COMPONENT.test(part));
}

/**
 * Tells whether a text can be a tag.
 *
 * @param text e.g. `v1.2.3`.
 * @returns True when it fits the distribution specification's grammar for a tag.
 */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

type Refuse = (problem: string, hint?: string) => OciPushError;

function refuser(text: string): Refuse {
  return (problem, hint) =>
    new OciPushError("INVALID_REFERENCE", `cannot read reference "${text}": ${problem}`, {
      terminal: true,
      ...(hint === undefined ? {} : { hint }),
    });
}

function parseName(name: string, refuse: Refuse): Pick<Reference, "registry" | "repository"> {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = /[.:[]/.test(first) || first === "localhost";
  const host = isHost ? first.toLowerCase() : "docker.io";
  const path = isHost ? name.slice(slash + 1) : name;
  if (isHost && !HOST.test(first)) {
    throw refuse(`"${first}" is not a host`, "a host looks like registry.example.com or host:5000");
  }
  const port = /:(\d+)$/.exec(host)?.[1];
  if (port !== undefined && Number(port) > 65535) throw refuse(`there is no port ${port}`);
  if (path === "") throw refuse("the repository is missing", `write ${first}/PATH:TAG`);

  const registry = host === "index.docker.io" ? "docker.io" : host;
  const repository = registry === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  if (`${registry}/${repository}`.length > MAX_NAME) {
    throw refuse(`its name is longer than ${MAX_NAME} characters`);
  }
  const bad = path.split("/").find((part) => !PATH_COMPONENT.test(part));
  if (bad !== undefined) {
    if (bad === "") throw refuse("the repository has an empty part between its slashes");
    const lower = bad.toLowerCase();
    if (lower !== bad && PATH_COMPONENT.test(lower)) {
      throw refuse(`repository names are lower-case, "${bad}" is not`, `did you mean ${lower}?`);
    }
    throw refuse(
      `"${bad}" cannot be part of a repository's name`,
      "parts are a-z and 0-9, with single dots, one or two underscores or dashes between",
    );
  }
  if (/^[0-9a-f]{64}$/.test(path)) {
    throw refuse("64 hexadecimal characters are a digest, not a repository", `write @sha256:…`);
  }
  return { registry, repository };
}

function parseTag(text: string, options: { helm: boolean; refuse: Refuse }): string {
  const { helm, refuse } = options;
  const tag = helm ? text.replaceAll("+", "_") : text;
  if (TAG.test(tag)) return tag;
  if (tag === "") throw refuse("the tag after the colon is empty");
  if (tag.length > 128) throw refuse("its tag is longer than 128 characters");
  throw refuse(
    `"${text}" cannot be a tag`,
    text.includes("+")
      ? `a tag has no "+": write ${text.replaceAll("+", "_")}, or oci:// for a Helm version`
      : "a tag is letters, digits, dots, dashes and underscores, and begins with none of . and -",
  );
}
