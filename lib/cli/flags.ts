/**
 * The flags that commands share, in the groups of their help.
 *
 * @module
 */

import type { FlagGroup, Flags } from "./flag.ts";
import { readCredential } from "./given_credential.ts";
import {
  readAssignment,
  readCount,
  readDuration,
  readEndpoint,
  readLimit,
  readOneOf,
  readText,
} from "./readers.ts";

/** The side that is read. */
export const SOURCE = {
  title: "Source",
  flags: {
    srcCreds: {
      kind: "value",
      placeholder: "USER:PASS",
      read: readCredential,
      env: "OCI_PUSH_SRC_CREDS",
      about: "- reads stdin; or OCI_PUSH_SRC_CREDS",
    },
    srcInsecureSkipTlsVerify: { kind: "switch", about: "take any certificate" },
  },
} as const satisfies FlagGroup;

/** The side that is written. */
export const DESTINATION = {
  title: "Destination",
  flags: {
    destCreds: {
      kind: "value",
      placeholder: "USER:PASS",
      read: readCredential,
      env: "OCI_PUSH_DEST_CREDS",
      about: "- reads stdin; or OCI_PUSH_DEST_CREDS",
    },
    destInsecureSkipTlsVerify: { kind: "switch", about: "take any certificate" },
    noOverwrite: { kind: "switch", about: "refuse to move a tag to something else" },
  },
} as const satisfies FlagGroup;

/** What login needs of a connection, too. */
export const REACHING = {
  endpoint: {
    kind: "list",
    placeholder: "HOST=URL",
    read: readEndpoint,
    about: "where HOST is really reached",
  },
  caFile: {
    kind: "value",
    placeholder: "FILE",
    read: readText,
    about: "one more authority for certificates, PEM",
  },
  insecureSkipTlsVerify: { kind: "switch", about: "take any certificate" },
} as const satisfies Flags;

/** Both sides. */
export const BOTH = {
  title: "Source and destination",
  flags: {
    secrets: {
      kind: "list",
      placeholder: "PATH",
      read: readText,
      about: "Kubernetes Secrets, a file or a folder",
    },
    ...REACHING,
  },
} as const satisfies FlagGroup;

/** How bytes are moved. */
export const TRANSFER = {
  title: "Transfer",
  flags: {
    maxArtifactSize: {
      kind: "value",
      placeholder: "SIZE",
      read: readLimit,
      env: "MAX_OCI_PUSH_ARTIFACT_SIZE",
      about: "1GiB; -1: any, 0: one repository only",
    },
    verify: {
      kind: "value",
      placeholder: "WHO",
      read: readOneOf("destination", "client"),
      about: "who hashes blobs: destination or client",
    },
    concurrency: {
      kind: "value",
      placeholder: "N",
      read: readCount(1),
      about: "most blobs on their way (32)",
    },
    workers: {
      kind: "value",
      placeholder: "N",
      read: readCount(0, 64),
      about: "threads; 0: none (by cores and bytes)",
    },
    retries: {
      kind: "value",
      placeholder: "N",
      read: readCount(0),
      about: "after the first try (5)",
    },
    timeout: {
      kind: "value",
      placeholder: "TIME",
      read: readDuration,
      about: "for everything, e.g. 10m (none)",
    },
    stallTimeout: {
      kind: "value",
      placeholder: "TIME",
      read: readDuration,
      about: "longest silence of a connection (60s)",
    },
  },
} as const satisfies FlagGroup;

/** What is added to the artifact, for copy and plan. */
export const ANNOTATION = {
  annotation: {
    kind: "list",
    placeholder: "KEY=VALUE",
    read: readAssignment,
    about: "add one; index:KEY, manifest:KEY say where",
  },
} as const satisfies Flags;

/** What is said, where and how. */
export const OUTPUT = {
  title: "Output",
  flags: {
    format: {
      kind: "value",
      placeholder: "FORMAT",
      read: readOneOf("text", "json"),
      about: "of the result on stdout: text or json",
    },
    outputFile: {
      kind: "value",
      placeholder: "FILE",
      read: readText,
      about: "the json document, also on failure",
    },
    githubOutput: { kind: "switch", about: "outputs and a summary for the workflow" },
    progress: {
      kind: "value",
      placeholder: "HOW",
      read: readOneOf("auto", "plain", "none"),
      about: "auto, plain or none",
    },
    color: {
      kind: "value",
      placeholder: "WHEN",
      read: readOneOf("auto", "always", "never"),
      about: "auto, always or never",
    },
    quiet: { kind: "switch", short: "q", about: "errors only" },
    verbose: { kind: "counter", short: "v", about: "a line per blob; -vv per request" },
    logFormat: {
      kind: "value",
      placeholder: "FORMAT",
      read: readOneOf("text", "json"),
      about: "of stderr: text or json",
    },
  },
} as const satisfies FlagGroup;
