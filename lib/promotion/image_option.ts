/**
 * Freight given on the command line, `--image REPO:TAG@DIGEST`.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import { parseReference } from "../oci/reference.ts";
import { defined } from "./_defined.ts";
import type { Freight } from "./freight.ts";

/** Options of {@linkcode readImageOptions}. */
export interface ImageOptions {
  /** Asks a registry which digest a reference with a tag names. */
  resolve(reference: string, options: { signal?: AbortSignal }): Promise<string>;
  /** Ends the look-ups. */
  signal?: AbortSignal;
}

/**
 * Makes freight of references; the digest of an image without one is looked up.
 *
 * `oci://` in front makes it a Helm chart, for `chartFrom`; its version is the tag as typed.
 *
 * @param references `REPO:TAG`, `REPO@DIGEST` or `REPO:TAG@DIGEST` each.
 * @param options How a digest is looked up.
 * @returns One Freight without a name.
 * @throws {OciPushError} `INVALID_REFERENCE` or `INVALID_ARGUMENT` for what cannot be freight.
 */
export async function readImageOptions(
  references: readonly string[],
  options: ImageOptions,
): Promise<Freight> {
  const { resolve, signal } = options;
  const freight: Freight = { images: [], charts: [], commits: [] };
  for (const text of references) {
    const { helm, repoURL, tag, digest } = split(text);
    if (helm) {
      if (tag === undefined) throw incomplete(text, "a chart needs its version: REPO:VERSION");
      freight.charts.push({ repoURL, version: tag });
    } else {
      if (tag === undefined && digest === undefined) {
        throw incomplete(text, "an image needs its tag or digest: REPO:TAG or REPO@sha256:…");
      }
      freight.images.push({
        repoURL,
        ...defined({ tag }),
        digest: digest ?? await resolve(text, defined({ signal })),
      });
    }
  }
  return freight;
}

/**
 * Lays artifacts over freight: they stand instead of those of the same repository.
 *
 * @param freights The freight of files.
 * @param overlay What was given beside it.
 * @returns New freight; the first keeps its name and takes the overlay's artifacts.
 */
export function overlayFreight(freights: readonly Freight[], overlay: Freight): Freight[] {
  const without = <T extends { repoURL: string }>(artifacts: T[], others: T[]) =>
    artifacts.filter(({ repoURL }) => others.every((other) => other.repoURL !== repoURL));
  const rest = freights.map((freight) => ({
    ...freight,
    images: without(freight.images, overlay.images),
    charts: without(freight.charts, overlay.charts),
    commits: without(freight.commits, overlay.commits),
  }));
  const [first, ...others] = rest;
  if (!first) return [overlay];
  return [{
    ...first,
    images: [...first.images, ...overlay.images],
    charts: [...first.charts, ...overlay.charts],
    commits: [...first.commits, ...overlay.commits],
  }, ...others];
}

/** The repository has to come out exactly as typed, since that is how `imageFrom` asks for it. */
function split(text: string) {
  const { helm } = parseReference(text);
  const [name = "", digest] = text.split("@");
  const colon = name.indexOf(":", name.lastIndexOf("/"));
  return {
    helm,
    repoURL: colon < 0 ? name : name.slice(0, colon),
    tag: colon < 0 ? undefined : name.slice(colon + 1),
    digest,
  };
}

function incomplete(text: string, hint: string): OciPushError {
  const message = `cannot use "${text}" as freight: it names no version`;
  return new OciPushError("INVALID_ARGUMENT", message, { terminal: true, hint });
}
