/**
 * The façade: plan and execute.
 *
 * @module
 */

import { parseAnnotations } from "./oci/annotation.ts";
import { formatPlatform } from "./oci/descriptor.ts";
import type { Digest } from "./oci/digest.ts";
import { OciPushError } from "./oci/error.ts";
import { formatReference } from "./oci/reference.ts";
import { type ConnectedSide, type ConnectedSides, connectSides } from "./connect_sides.ts";
import {
  checkOptions,
  connectOptions,
  type CopyOptions,
  type CopyRequest,
  parseReferences,
} from "./copy_request.ts";
import type { Plan, Warning } from "./plan/plan.ts";
import { planCopy as decide, type References } from "./plan/plan_copy.ts";
import { registryDestination, registrySource } from "./plan/registry_store.ts";
import { DEFAULT_MAX_ARTIFACT_SIZE } from "./plan/size_limit.ts";
import { waitFor } from "./registry/wait_for.ts";
import type { CopyEvent } from "./transfer/event.ts";
import type { TransferSettings } from "./transfer/task.ts";
import { executePlan as execute, type ExecuteResult } from "./transfer/execute_plan.ts";

/** What a copy did; the keys are those of `--format json`. */
export interface CopyResult {
  /** The destination as typed, without `oci://`. */
  image: string;
  /** The tag that was written. */
  tag: string;
  /** What the tag names now. */
  digest: Digest;
  /** What the tag named before; absent where it was free, or not looked up within one repository. */
  previousDigest?: Digest;
  /** What happened. */
  status: "copied" | "retagged" | "unchanged";
  /** Where it came from. */
  source: { ref: string; digest: Digest };
  /** The media type of the root. */
  mediaType: string;
  /** What the index says its images run on. */
  platforms: string[];
  /** Config and layers of every image, in bytes; absent where it was not looked up. */
  size?: number;
  /** Bytes of blobs that were sent. */
  bytes: number;
  /** Requests to both registries, tokens included. */
  requests: number;
  /** How long it took, in seconds. */
  seconds: number;
  /** How blobs came to be there. */
  blobs: { transferred: number; mounted: number; existing: number };
  /** What should not go unsaid. */
  warnings: Warning[];
}

/**
 * Copies or retags an OCI artifact: an image, an index with all below it, a Helm chart, anything
 * with a manifest.
 *
 * Everything is decided first, then bytes move from one registry to the other without entering
 * JavaScript, then manifests are written, the tag last: a copy that fails leaves it as it was.
 *
 * @example
 * ```ts ignore
 * const { image, digest } = await ociPush({
 *   srcRef: "sandbox.example.com/app@sha256:…",
 *   destRef: "prod.example.com/app:v1.2.3",
 * });
 * ```
 * @param request Where the artifact is, and where it shall be.
 * @param options How to get there.
 * @returns What is at the destination now.
 * @throws {OciPushError} saying what was being done, to what, and what happened; `terminal` tells
 * whether another try can help. An abort throws `signal.reason`.
 */
export async function ociPush(
  request: CopyRequest,
  options: CopyOptions = {},
): Promise<CopyResult> {
  const session = new Session(request, options);
  using sides = await session.connect();
  const { plan, result } = await planAndExecute(session, sides);
  return session.report(plan, result);
}

/**
 * Decides what a copy would do, and writes nothing.
 *
 * Unlike {@linkcode ociPush}, which finds out about blobs on its way, it asks the destination for
 * every one, so that the plan says exactly what would move.
 *
 * @example
 * ```ts ignore
 * const plan = await planCopy({ srcRef: "a.example.com/app:v1", destRef: "b.example.com/app:v1" });
 * console.log(plan.mode, plan.size.transfer);
 * ```
 * @param request Where the artifact is, and where it shall be.
 * @param options How to get there.
 * @returns The plan, which survives `JSON.stringify`.
 * @throws {OciPushError} as {@linkcode ociPush} does.
 */
export async function planCopy(request: CopyRequest, options: CopyOptions = {}): Promise<Plan> {
  const session = new Session(request, options);
  using sides = await session.connect();
  return await session.plan(sides, { lookUp: "all", trustManifests: true });
}

/**
 * Does what a plan says, in this process or another than the one that made it.
 *
 * @example
 * ```ts ignore
 * await executePlan(JSON.parse(await Deno.readTextFile("plan.json")));
 * ```
 * @param plan From {@linkcode planCopy}.
 * @param options How to get there; what a plan decides is not looked at again.
 * @returns What is at the destination now.
 * @throws {OciPushError} as {@linkcode ociPush} does; `CONTENT_MISSING` where the destination lost
 * something since the plan was made.
 */
export async function executePlan(plan: Plan, options: CopyOptions = {}): Promise<CopyResult> {
  const { source, destination } = plan;
  const separator = source.tagOrDigest.includes(":") ? "@" : ":";
  const session = new Session({
    srcRef: `${source.registry}/${source.repository}${separator}${source.tagOrDigest}`,
    destRef: formatReference(destination),
  }, options);
  using sides = await session.connect();
  return session.report(plan, await session.execute(plan, sides));
}

/**
 * What passes at once where certificates are not checked, in bytes, and for how many blobs. The way
 * to skip checks neither waits for who takes bytes nor for who gets them: memory is what this allows.
 */
const UNCHECKED_PIECE = 4 * 1024 ** 2;
const UNCHECKED_CONCURRENCY = 8;

function isUnchecked({ settings }: ConnectedSide): boolean {
  return settings.insecureSkipTLSVerify === true;
}

/** How blobs are sent: as asked for, and in pieces to and from servers that nobody vouches for. */
function howToSend(
  options: Pick<TransferSettings, "verify" | "chunkThreshold" | "chunkSize"> & {
    source: ConnectedSide;
    destination: ConnectedSide;
  },
): Pick<TransferSettings, "verify" | "chunkThreshold" | "chunkSize" | "pieceSize"> {
  const { source, destination, verify, chunkThreshold, chunkSize } = options;
  if (isUnchecked(destination)) {
    return { verify, chunkThreshold: UNCHECKED_PIECE, chunkSize: UNCHECKED_PIECE };
  }
  // Bytes pass through JavaScript anyway: hashing them costs little more.
  return isUnchecked(source)
    ? { verify: "client", chunkThreshold, chunkSize, pieceSize: UNCHECKED_PIECE }
    : { verify, chunkThreshold, chunkSize };
}

/** A copy plans on the word of manifests that are there; where that was wrong, it looks closer. */
async function planAndExecute(
  session: Session,
  sides: ConnectedSides,
): Promise<{ plan: Plan; result: ExecuteResult }> {
  const plan = await session.plan(sides, { lookUp: "needed", trustManifests: true });
  try {
    return { plan, result: await session.execute(plan, sides) };
  } catch (error) {
    if (!(error instanceof OciPushError) || error.code !== "CONTENT_MISSING") throw error;
    const closer = await session.plan(sides, { lookUp: "all", trustManifests: false });
    return { plan: closer, result: await session.execute(closer, sides) };
  }
}

/** One call's references, options with their defaults, and counters. */
class Session {
  readonly #references: References;
  readonly #request: CopyRequest;
  readonly #options: CopyOptions;
  readonly #signal: AbortSignal;
  readonly #started = performance.now();
  #requests = 0;

  constructor(request: CopyRequest, options: CopyOptions) {
    this.#references = parseReferences(request);
    checkOptions(options);
    this.#request = request;
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
  }

  async connect(): Promise<ConnectedSides> {
    const { insecureSkipTLSVerify = false } = this.#request;
    const options = connectOptions(this.#options, {
      insecureSkipTLSVerify,
      onEvent: this.#emit,
      signal: this.#signal,
    });
    return await connectSides(this.#references, options);
  }

  async plan(
    { source, destination }: ConnectedSides,
    how: { lookUp: "needed" | "all"; trustManifests: boolean },
  ): Promise<Plan> {
    const { maxArtifactSize = DEFAULT_MAX_ARTIFACT_SIZE, noOverwrite = false } = this.#options;
    const { annotations = {} } = this.#request;
    const plan = await decide(this.#references, {
      ...how,
      source: registrySource(source.repository),
      destination: registryDestination(destination.repository),
      ...(Object.keys(annotations).length > 0 && { annotations: parseAnnotations(annotations) }),
      maxArtifactSize,
      noOverwrite,
      concurrency: this.#concurrency,
      signal: this.#signal,
    });
    this.#emit({ type: "planned", plan });
    return plan;
  }

  async execute(plan: Plan, { source, destination }: ConnectedSides): Promise<ExecuteResult> {
    const { verify = "destination", retries = 5, workers, engine } = this.#options;
    const { chunkThreshold = 512 * 1024 ** 2, chunkSize = 128 * 1024 ** 2 } = this.#options;
    return await execute(plan, {
      environment: {
        settings: {
          source: { settings: source.settings, repository: source.repository.name },
          destination: { settings: destination.settings, repository: destination.repository.name },
          ...howToSend({ source, destination, verify, chunkThreshold, chunkSize }),
          retries,
        },
        sides: { source: source.repository, destination: destination.repository },
        authorizers: { source: source.authorizer, destination: destination.authorizer },
        concurrency: isUnchecked(source) || isUnchecked(destination)
          ? Math.min(this.#concurrency, UNCHECKED_CONCURRENCY)
          : this.#concurrency,
        signal: this.#signal,
        wait: waitFor,
        random: Math.random,
      },
      cores: navigator.hardwareConcurrency,
      ...(workers !== undefined && { workers }),
      ...(engine && { engine }),
      emit: this.#emit,
    });
  }

  report(plan: Plan, result: ExecuteResult): CopyResult {
    const { previousDigest, text, tag } = plan.destination;
    const { transferred, mounted, existing } = result.blobs;
    return {
      image: text,
      tag,
      digest: result.digest,
      ...(previousDigest && { previousDigest }),
      status: ({ copy: "copied", retag: "retagged", unchanged: "unchanged" } as const)[plan.mode],
      source: { ref: plan.source.text, digest: plan.source.digest },
      mediaType: plan.mediaType,
      platforms: plan.manifests.flatMap(({ platform }) =>
        platform && platform.os !== "unknown" ? [formatPlatform(platform)] : []
      ),
      ...(plan.size.artifact !== null && { size: plan.size.artifact }),
      bytes: result.bytes,
      requests: this.#requests,
      seconds: Math.round(performance.now() - this.#started) / 1000,
      blobs: { transferred, mounted, existing },
      warnings: plan.warnings,
    };
  }

  get #concurrency(): number {
    return this.#options.concurrency ?? 32;
  }

  readonly #emit = (event: CopyEvent): void => {
    if (event.type === "request") this.#requests++;
    this.#options.onEvent?.(event);
  };
}
