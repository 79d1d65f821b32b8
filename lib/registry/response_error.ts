/**
 * What a registry's refusal means, in words and as a code.
 *
 * @module
 */

import { type ErrorCode, type ErrorDetails, OciPushError } from "../oci/error.ts";
import { parseRegistryErrors } from "../oci/registry_error.ts";
import { cleanText } from "../oci/text.ts";
import { readText } from "./read_at_most.ts";
import type { Repository } from "./repository.ts";
import { attemptsFor, retryAfter } from "./with_retry.ts";

/** What was being done, for {@linkcode responseError}. */
export interface RequestAction {
  /** The repository that was asked. */
  repository: Repository;
  /** What failed, without object: `read manifest`, `open an upload`. */
  doing: string;
  /** The code of a 404 where the registry says no more. */
  missing: ErrorCode;
  /** The tag or digest concerned. */
  tagOrDigest?: string;
  /** More for the error's details. */
  details?: Partial<ErrorDetails>;
}

interface Verdict {
  code: ErrorCode;
  happened: string;
  terminal?: boolean;
  hint?: string;
}

/**
 * Turns an answer that is not what was asked for into an error.
 *
 * @param response The answer; its body is read up to 8 KiB, or cancelled.
 * @param action What was being done.
 * @param options What ends the reading.
 * @returns An error that names the registry, the side, the status and the registry's own words.
 */
export async function responseError(
  response: Response,
  action: RequestAction,
  { signal = null }: { signal?: AbortSignal | null } = {},
): Promise<OciPushError> {
  const { repository, tagOrDigest } = action;
  const { registry, name, side } = repository;
  const { status } = response;
  const wait = Math.ceil(retryAfter(response, Date.now()) / 1000);
  const { stallTimeout } = repository;
  const text = await readText(response, { stallTimeout, signal });
  const [first] = parseRegistryErrors(text);
  const registryCode = first?.code || undefined;
  const words = cleanText(first?.message || (first ? "" : text));
  const { code, happened, terminal = true, hint } = judge(status, { action, registryCode, words });
  const separator = tagOrDigest === undefined ? "" : tagOrDigest.includes(":") ? "@" : ":";
  const object = `${registry}/${name}${separator}${tagOrDigest ?? ""}`;
  const quoted = words && words !== registryCode ? `: "${words}"` : "";
  return new OciPushError(
    code,
    `cannot ${action.doing} ${object}${side ? ` (${side})` : ""}: ${happened} ` +
      `(${registryCode ? `${status} ${cleanText(registryCode)}` : status})${quoted}`,
    {
      terminal,
      ...(side && { side }),
      registry,
      repository: name,
      ...(tagOrDigest !== undefined && { tagOrDigest }),
      status,
      ...(registryCode !== undefined && { registryCode: cleanText(registryCode) }),
      attempts: attemptsFor(response),
      ...(wait > 0 && { retryAfter: wait }),
      ...(hint !== undefined && { hint }),
      ...action.details,
    },
  );
}

interface Facts {
  action: RequestAction;
  registryCode: string | undefined;
  words: string;
}

function judge(status: number, { action, registryCode = "", words }: Facts): Verdict {
  const said = `${registryCode} ${words}`;
  const writes = !/^(read|look|list)/.test(action.doing);
  if (writes && /immutab|already exists|cannot be overwritten/i.test(said)) {
    return {
      code: "TAG_IMMUTABLE",
      happened: "the tag may not be moved",
      hint: "choose another tag, or lift the registry's rule for this one",
    };
  }
  // Google's registries call a rate a quota too: a 429 is never about room.
  if (status !== 429 && /quota|storage limit|insufficient storage/i.test(said) || status === 507) {
    return { code: "QUOTA", happened: "the registry has no room left for it" };
  }
  // INVALID is what distribution says of an upload in which a broken chunk left some bytes.
  if (registryCode === "BLOB_UPLOAD_UNKNOWN" || registryCode === "BLOB_UPLOAD_INVALID") {
    return {
      code: "UNAVAILABLE",
      happened: "the registry has forgotten the upload",
      terminal: false,
    };
  }
  switch (status) {
    case 401:
      return {
        code: "UNAUTHORIZED",
        happened: "the registry wants to know who asks",
        hint: `log in to ${action.repository.registry}, or name credentials for this side`,
      };
    case 403:
      return {
        code: "DENIED",
        happened: writes ? "pushing is not allowed" : "reading is not allowed",
        hint: "the login is known, but may not do this: ask for the right to it",
      };
    case 404:
      return registryCode === "NAME_UNKNOWN" && !writes
        ? { code: "REPOSITORY_NOT_FOUND", happened: "the registry does not know the repository" }
        : { code: action.missing, happened: "it is not there" };
    case 405:
      return { code: "UNSUPPORTED", happened: "the registry does not allow it: is it read-only?" };
    case 408:
    case 425:
      return { code: "UNAVAILABLE", happened: "the registry asks to try later", terminal: false };
    case 412:
      return { code: "TAG_IMMUTABLE", happened: "the tag may not be moved" };
    case 413:
      return {
        code: "TOO_LARGE",
        happened: "something on the way limits the size of a request",
        hint: "raise the limit of the proxy before the registry",
      };
    case 416:
      return writes
        ? {
          code: "UNAVAILABLE",
          happened: "the registry waits for other bytes of it",
          terminal: false,
        }
        : { code: "REGISTRY_BROKEN", happened: "it has no such bytes" };
    case 429:
      return { code: "RATE_LIMITED", happened: "too many requests", terminal: false };
  }
  if (status >= 500) {
    return { code: "UNAVAILABLE", happened: "the registry has a problem", terminal: false };
  }
  if (status < 400) return broken("an answer that the API does not have");
  return { code: "REGISTRY_BROKEN", happened: "the registry refuses" };
}

/**
 * The verdict on an answer that no registry gives.
 *
 * @param happened What came instead.
 * @returns Terminal, with the likely culprit.
 */
function broken(happened: string): Verdict {
  return {
    code: "REGISTRY_BROKEN",
    happened,
    hint: "something between us and the registry answers for it: a login page or a proxy?",
  };
}
