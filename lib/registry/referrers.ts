/**
 * The referrers of a manifest: signatures, SBOMs and the like.
 *
 * @module
 */

import { type Descriptor, isRecord, parseDescriptor } from "../oci/descriptor.ts";
import { type Digest, digestAlgorithm } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import { parseNextLink } from "../oci/http_range.ts";
import { childrenOf, parseDocument } from "../oci/manifest.ts";
import { essence, OCI_INDEX } from "../oci/media_type.ts";
import { followOwnAddress } from "./follow_address.ts";
import { getManifest } from "./manifests.ts";
import { readPage } from "./read_page.ts";
import type { Repository } from "./repository.ts";
import { addressOf, ask } from "./request.ts";

/** Options of {@linkcode listReferrers}. */
export interface ListReferrersOptions {
  /** Only those of this type. */
  artifactType?: string;
  /** Ends the listing: the loop then throws `signal.reason`. */
  signal?: AbortSignal | null;
}

/**
 * Lists the referrers of a manifest, by the API or, where the registry has none, by the tag that
 * clients keep instead.
 *
 * Follows distribution-spec 1.1, "Listing Referrers" (end-12a, end-12b) and "Referrers Tag Schema".
 *
 * @param repository Where to look.
 * @param digest The subject.
 * @param options Which type, and when to stop.
 * @returns Descriptors, in the registry's order.
 * @throws {OciPushError} for answers that are neither a list nor a missing API.
 */
export async function* listReferrers(
  repository: Repository,
  digest: Digest,
  options: ListReferrersOptions = {},
): AsyncGenerator<Descriptor> {
  const { artifactType, signal = null } = options;
  const endpoint = {
    kind: "referrers",
    name: repository.name,
    digest,
    ...(artifactType !== undefined && { artifactType }),
  } as const;
  let page: URL | undefined = addressOf(repository, endpoint);
  while (page) {
    const response: Response = await ask(page, { signal, headers: { accept: OCI_INDEX } }, {
      repository,
      doing: "list referrers in",
      tagOrDigest: digest,
      expected: [200, 400, 404, 405, 406, 501],
      missing: "MANIFEST_NOT_FOUND",
    });
    // Registries without the API answer in all these ways, a page of another type among them.
    if (response.status !== 200 || essence(response.headers.get("content-type")) !== OCI_INDEX) {
      await response.body?.cancel();
      return yield* fromTag(repository, digest, options);
    }
    const filtered = response.headers.get("oci-filters-applied")?.includes("artifactType");
    const next = parseNextLink(response.headers.get("link"));
    const body = await readPage(response, repository, { signal });
    const entries: unknown[] = isRecord(body) && Array.isArray(body.manifests)
      ? body.manifests
      : [];
    const found = readEntries(entries, repository);
    yield* filtered ? found : ofType(found, artifactType);
    const following: URL | undefined = next === undefined
      ? undefined
      : followOwnAddress(next, page, repository);
    page = following?.href === page.href ? undefined : following; // a page never follows itself
  }
}

function readEntries(entries: unknown[], { registry, name, side }: Repository): Descriptor[] {
  try {
    return entries.map((entry, i) => parseDescriptor(entry, `manifests[${i}]`));
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new OciPushError(
      "REGISTRY_BROKEN",
      `cannot list referrers in ${registry}/${name}${side ? ` (${side})` : ""}: ${cause.message}`,
      { terminal: true, registry, repository: name, ...(side && { side }) },
      cause,
    );
  }
}

async function* fromTag(
  repository: Repository,
  digest: Digest,
  { artifactType, signal = null }: ListReferrersOptions,
): AsyncGenerator<Descriptor> {
  // The specification keeps 64 characters of the hash: tags have a limit.
  const tag = digest.replace(":", "-").slice(0, `${digestAlgorithm(digest)}-`.length + 64);
  try {
    const { bytes, mediaType } = await getManifest(repository, tag, { signal });
    yield* ofType(childrenOf(parseDocument(bytes, { mediaType, name: tag })), artifactType);
  } catch (error) {
    if (!(error instanceof OciPushError) || error.details.status !== 404) throw error;
  }
}

function ofType(found: Descriptor[], artifactType: string | undefined): Descriptor[] {
  return artifactType === undefined
    ? found
    : found.filter((descriptor) => descriptor.artifactType === artifactType);
}
