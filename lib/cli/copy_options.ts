/**
 * The options that copy, plan and promote share, and what they mean to the module.
 *
 * @module
 */

import type { CopyOptions, CopyRequest } from "../copy_request.ts";
import type { SideOptions } from "../connect_sides.ts";
import { OciPushError, type Side } from "../oci/error.ts";
import {
  type Context,
  type OptionGroup,
  type ParsedWords,
  usageError,
  valueOf,
} from "./command.ts";
import { parseCount, parseDuration, parseSize } from "./units.ts";

/** How the two registries are reached. */
export const CONNECTION_GROUPS: OptionGroup[] = [
  {
    title: "Source and destination",
    options: [
      {
        name: "src-creds",
        value: "USER:PASS",
        help: "credentials (- reads stdin; OCI_PUSH_SRC_CREDS)",
      },
      { name: "dest-creds", value: "USER:PASS", help: "the same (OCI_PUSH_DEST_CREDS)" },
      {
        name: "secrets",
        value: "PATH",
        repeat: true,
        help: "Kubernetes Secrets, a file or folder",
      },
      { name: "endpoint", value: "HOST=URL", repeat: true, help: "where HOST is really reached" },
      { name: "ca-file", value: "FILE", help: "more certificate authorities (PEM)" },
      { name: "insecure-skip-tls-verify", help: "take any certificate, on both sides" },
      { name: "src-insecure-skip-tls-verify", help: "… of the source" },
      { name: "dest-insecure-skip-tls-verify", help: "… of the destination" },
    ],
  },
];

/** How bytes are moved. */
export const TRANSFER_GROUP: OptionGroup = {
  title: "Transfer",
  options: [
    {
      name: "max-artifact-size",
      value: "SIZE",
      help: "1GiB; -1 no limit, 0 no copy between repositories",
    },
    { name: "no-overwrite", help: "refuse to move a tag that names something else" },
    { name: "concurrency", value: "N", help: "blobs on their way at once (32)" },
    { name: "workers", value: "N", help: "Web Workers; 0 is inline (by size)" },
    { name: "verify", value: "WHO", help: "destination (default) or client: who hashes" },
    { name: "retries", value: "N", help: "tries after the first (5)" },
    { name: "timeout", value: "TIME", help: "for the whole command (none)" },
    { name: "stall-timeout", value: "TIME", help: "longest silence of a connection (60s)" },
  ],
};

/** What is printed. */
export const OUTPUT_GROUP: OptionGroup = {
  title: "Output",
  options: [
    { name: "format", value: "text|json", help: "of the result on stdout" },
    { name: "output-file", value: "FILE", help: "the JSON document, also on failure" },
    { name: "github-output", help: "image, digest, tag to $GITHUB_OUTPUT" },
    { name: "progress", value: "HOW", help: "auto, plain or none" },
    { name: "quiet", short: "q", help: "errors only" },
    { name: "verbose", short: "v", help: "a line per blob; -vv one per request" },
    { name: "log-format", value: "text|json", help: "of the lines on stderr" },
  ],
};

/** Annotations, for copy and plan. */
export const ARTIFACT_GROUP: OptionGroup = {
  title: "Artifact",
  options: [{
    name: "annotation",
    value: "KEY=VALUE",
    repeat: true,
    help: "add one; index:KEY or manifest:KEY says where",
  }],
};

/**
 * Both references and the annotations, from the words of copy and plan.
 *
 * @param words The sorted words.
 * @param io Takes notes about words that were understood in another way than written.
 * @returns What is to be copied.
 * @throws {OciPushError} `INVALID_ARGUMENT` for too few or too many references.
 */
export function readRequest(words: ParsedWords, { io }: Pick<Context, "io">): CopyRequest {
  const { positional, flags } = words;
  const [srcRef, destRef, ...rest] = positional.map((reference) => {
    if (!reference.startsWith("docker://")) return reference;
    io.err(`note: a reference has no docker:// in front, it is left out\n`);
    return reference.slice("docker://".length);
  });
  if (srcRef === undefined || destRef === undefined) {
    throw usageError(
      positional.length === 0 ? "no references are given" : "the destination is not given",
      "name where the artifact is, then where it shall be",
    );
  }
  if (rest.length > 0) throw usageError(`${rest.join(" ")}: two references are enough`);
  const annotations = pairs(words, "annotation");
  return {
    srcRef,
    destRef,
    ...(annotations && { annotations }),
    ...(flags["insecure-skip-tls-verify"] && { insecureSkipTLSVerify: true }),
  };
}

/**
 * How registries are reached and bytes moved, from the words of a command.
 *
 * @param words The sorted words.
 * @param context The environment, stdin, the signal.
 * @returns Options of the module.
 * @throws {OciPushError} `INVALID_ARGUMENT` for values that cannot be meant, `FILE` for files that
 * cannot be read.
 */
export async function readOptions(words: ParsedWords, context: Context): Promise<CopyOptions> {
  const { io, signal } = context;
  const caFile = valueOf(words, "ca-file");
  const caCerts = caFile === undefined ? undefined : [await readPem(caFile)];
  const side = (flag: string): SideOptions | undefined => {
    const insecure = words.flags[flag];
    if (!caCerts && !insecure) return undefined;
    return { ...(caCerts && { caCerts }), ...(insecure && { insecureSkipTLSVerify: true }) };
  };
  const endpoints = pairs(words, "endpoint");
  for (const [host, url] of Object.entries(endpoints ?? {})) checkEndpoint(host, url);
  const size = valueOf(words, "max-artifact-size");
  const sizeEnv = io.env("MAX_OCI_PUSH_ARTIFACT_SIZE");
  const timeout = valueOf(words, "timeout");
  const source = side("src-insecure-skip-tls-verify");
  const destination = side("dest-insecure-skip-tls-verify");
  return {
    credentials: await readCredentials(words, context),
    ...(endpoints && { endpoints }),
    ...(source && { source }),
    ...(destination && { destination }),
    ...(size !== undefined
      ? { maxArtifactSize: parseSize(size, "--max-artifact-size") }
      : sizeEnv && { maxArtifactSize: parseSize(sizeEnv, "MAX_OCI_PUSH_ARTIFACT_SIZE") }),
    ...(words.flags["no-overwrite"] && { noOverwrite: true }),
    ...count(words, { name: "concurrency", least: 1 }),
    ...count(words, { name: "workers", least: 0 }),
    ...count(words, { name: "retries", least: 0 }),
    ...readVerify(words),
    ...readStall(words),
    signal: timeout === undefined ? signal : AbortSignal.any([signal, expire(timeout)]),
  };
}

async function readCredentials(
  words: ParsedWords,
  { io }: Context,
): Promise<NonNullable<CopyOptions["credentials"]>> {
  const explicit = async (side: Side) => {
    const [flag, variable] = side === "source"
      ? ["src-creds", "OCI_PUSH_SRC_CREDS"] as const
      : ["dest-creds", "OCI_PUSH_DEST_CREDS"] as const;
    const given = valueOf(words, flag);
    if (given === "-") return { text: (await io.input()).trimEnd(), origin: `stdin (--${flag} -)` };
    if (given !== undefined) {
      io.err(`note: a password on the command line is seen by others: ${variable} is not\n`);
      return { text: given, origin: `--${flag}` };
    }
    const stored = io.env(variable);
    return stored ? { text: stored, origin: variable } : undefined;
  };
  if (valueOf(words, "src-creds") === "-" && valueOf(words, "dest-creds") === "-") {
    throw usageError("stdin cannot hold the credentials of both sides", "use a variable for one");
  }
  const source = await explicit("source");
  const destination = await explicit("destination");
  for (const given of [source, destination]) {
    if (given && !given.text.includes(":")) {
      throw usageError(`${given.origin} is not USER:PASS`, "write a user, a colon, the password");
    }
  }
  const secrets = words.values.secrets;
  // Files are read when a registry asks who we are: most copies of public images never get there.
  let chain: Promise<NonNullable<CopyOptions["credentials"]>> | undefined;
  const open = async () => {
    const { createCredentialChain } = await import("../credentials/chain.ts");
    return createCredentialChain({
      explicit: {
        ...(source && { source: source.text, sourceOrigin: source.origin }),
        ...(destination &&
          { destination: destination.text, destinationOrigin: destination.origin }),
      },
      ...(secrets && { secrets }),
    });
  };
  return async (query) => await (await (chain ??= open()))(query);
}

function pairs(words: ParsedWords, name: string): Record<string, string> | undefined {
  const given = words.values[name];
  return given && Object.fromEntries(given.map((text) => {
    const equals = text.indexOf("=");
    if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
    throw usageError(
      `--${name} "${text}" has no "="`,
      `write --${name} ${name === "endpoint" ? "HOST=URL" : "KEY=VALUE"}`,
    );
  }));
}

function checkEndpoint(host: string, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.search) return;
  throw usageError(
    `--endpoint ${host}=${text}: this is not where a registry can be`,
    `write --endpoint ${host}=https://… or http://…`,
  );
}

function count(
  words: ParsedWords,
  { name, least }: { name: "concurrency" | "workers" | "retries"; least: number },
): Partial<CopyOptions> {
  const text = valueOf(words, name);
  return text === undefined ? {} : { [name]: parseCount(text, { name: `--${name}`, least }) };
}

function readVerify(words: ParsedWords): Partial<CopyOptions> {
  const verify = valueOf(words, "verify");
  if (verify === undefined) return {};
  if (verify === "destination" || verify === "client") return { verify };
  throw usageError(`--verify "${verify}" is neither destination nor client`);
}

function readStall(words: ParsedWords): Partial<CopyOptions> {
  const text = valueOf(words, "stall-timeout");
  return text === undefined ? {} : { stallTimeout: parseDuration(text, "--stall-timeout") };
}

function expire(text: string): AbortSignal {
  const stop = new AbortController();
  const ms = parseDuration(text, "--timeout");
  const timer = setTimeout(() => {
    stop.abort(
      new OciPushError("TIMEOUT", `cannot finish within ${text}: --timeout is over`, {
        terminal: false,
        hint: "what is there already will be found by the next try",
      }),
    );
  }, ms);
  Deno.unrefTimer(timer);
  return stop.signal;
}

async function readPem(file: string): Promise<string> {
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound
      ? "there is no such file"
      : "it cannot be read";
    throw new OciPushError(
      "FILE",
      `cannot use --ca-file ${file}: ${why}`,
      { terminal: true, file },
      cause,
    );
  }
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new OciPushError("FILE", `cannot use --ca-file ${file}: it holds no PEM certificate`, {
    terminal: true,
    file,
  });
}
