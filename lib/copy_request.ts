/**
 * What a caller of the façade may say, and whether it makes sense.
 *
 * @module
 */

import type { CertificateSource, ConnectSidesOptions, SideOptions } from "./connect_sides.ts";
import type { CredentialSource } from "./credentials/source.ts";
import { OciPushError } from "./oci/error.ts";
import { parseReference, type Reference } from "./oci/reference.ts";
import type { DestinationReference, References } from "./plan/plan_copy.ts";
import type { Engine } from "./transfer/engine.ts";
import type { CopyEvent } from "./transfer/event.ts";

/** What is to be copied: the fields of the promotion step of the same name. */
export interface CopyRequest {
  /** `[oci://]HOST/PATH:TAG`, or `@DIGEST`, or both. */
  srcRef: string;
  /** `[oci://]HOST/PATH:TAG`. */
  destRef: string;
  /** `index:KEY`, `manifest:KEY` or a bare `KEY`, which means the manifests; existing ones stay. */
  annotations?: Readonly<Record<string, string>>;
  /** Take any certificate, on both sides. */
  insecureSkipTLSVerify?: boolean;
}

/** How it is copied. */
export interface CopyOptions {
  /** Who we are at the registries. By default what docker, podman and Helm have stored. */
  credentials?: CredentialSource;
  /** Certificates of a host. By default what docker and podman keep in `certs.d`. */
  certificates?: CertificateSource;
  /** Where hosts are really reached: `{ "registry.example.com": "http://127.0.0.1:5001" }`. */
  endpoints?: Readonly<Record<string, string>>;
  /** How the source is reached. */
  source?: SideOptions;
  /** How the destination is reached. */
  destination?: SideOptions;
  /** The most that is copied across repositories, in bytes; -1 for no limit. @default {1 GiB} */
  maxArtifactSize?: number;
  /** Refuse to move a tag that names something else. @default {false} */
  noOverwrite?: boolean;
  /** Who checks the bytes of blobs. @default {"destination"} */
  verify?: "destination" | "client";
  /** Most blobs on their way at the same time. @default {32} */
  concurrency?: number;
  /** Web Workers; 0 for none. By default by cores and bytes. */
  workers?: number;
  /** Tries after the first. @default {5} */
  retries?: number;
  /** The longest silence of a connection, in milliseconds. @default {60_000} */
  stallTimeout?: number;
  /** Blobs longer than this go in chunks, in bytes. @default {512 MiB} */
  chunkThreshold?: number;
  /** The length of a chunk, in bytes. @default {128 MiB} */
  chunkSize?: number;
  /** Told what happens, as it happens. */
  onEvent?: (event: CopyEvent) => void;
  /** Ends the copy: it then throws `signal.reason`, and the tag is as it was. */
  signal?: AbortSignal;
  /** Replaces the choice between workers and none. */
  engine?: Engine;
}

/**
 * Reads both references, and refuses what cannot be meant.
 *
 * @param request What is to be copied.
 * @returns The references, normalised.
 * @throws {OciPushError} `INVALID_REFERENCE` for a source without tag or digest, and a destination
 * without a tag or with a digest.
 */
export function parseReferences({ srcRef, destRef }: CopyRequest): References {
  return { from: parseSource(srcRef), to: parseDestination(destRef) };
}

/**
 * Refuses numbers that mean nothing; they are mistakes of a program, not of a user.
 *
 * @param options How it is copied.
 * @throws {RangeError} naming the option.
 */
export function checkOptions(options: CopyOptions): void {
  const least = {
    maxArtifactSize: -1,
    concurrency: 1,
    workers: 0,
    retries: 0,
    stallTimeout: 1,
    chunkThreshold: 0,
    chunkSize: 1,
  };
  for (const [name, minimum] of Object.entries(least)) {
    const value = options[name as keyof typeof least];
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= minimum)) {
      throw new RangeError(`${name} has to be a whole number of at least ${minimum}, got ${value}`);
    }
  }
}

/**
 * What of the options is about reaching registries, with its defaults.
 *
 * @param options How it is copied.
 * @param call What belongs to one call.
 * @returns Options for connecting.
 */
export function connectOptions(
  options: CopyOptions,
  call: Pick<ConnectSidesOptions, "onEvent" | "signal"> & { insecureSkipTLSVerify: boolean },
): ConnectSidesOptions {
  const { credentials, certificates, retries = 5, stallTimeout = 60_000 } = options;
  const { endpoints, source, destination } = options;
  const { onEvent, signal, insecureSkipTLSVerify } = call;
  // The same object for both sides where nothing tells them apart: then one token may do for both.
  const both = insecureSkipTLSVerify ? { insecureSkipTLSVerify } : {};
  return {
    ...(endpoints && { endpoints }),
    source: source ? { ...source, ...both } : both,
    destination: destination ? { ...destination, ...both } : both,
    ...(credentials && { credentials }),
    ...(certificates && { certificates }),
    retries,
    stallTimeout,
    onEvent,
    signal,
  };
}

function parseSource(text: string): Reference {
  const reference = parseReference(text);
  if (reference.tag !== undefined || reference.digest !== undefined) return reference;
  throw new OciPushError("INVALID_REFERENCE", `cannot copy "${text}": no tag or digest is given`, {
    terminal: true,
    side: "source",
    hint: `write ${text}:TAG or ${text}@DIGEST`,
  });
}

function parseDestination(text: string): DestinationReference {
  const reference = parseReference(text);
  const { tag, digest } = reference;
  if (digest !== undefined) {
    throw new OciPushError(
      "INVALID_REFERENCE",
      `cannot copy to "${text}": a destination is named by a tag, its digest is what comes out`,
      { terminal: true, side: "destination", hint: "leave @DIGEST out and name a tag" },
    );
  }
  if (tag === undefined) {
    throw new OciPushError("INVALID_REFERENCE", `cannot copy to "${text}": no tag is given`, {
      terminal: true,
      side: "destination",
      hint: `write ${text}:TAG; oci-push never writes "latest" by itself`,
    });
  }
  return { ...reference, tag };
}
