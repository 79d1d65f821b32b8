/**
 * What a reference names, without copying anything.
 *
 * @module
 */

import { connectSource } from "./connect_sides.ts";
import { connectOptions, type CopyOptions } from "./copy_request.ts";
import type { Digest } from "./oci/digest.ts";
import { parseReference } from "./oci/reference.ts";
import { registrySource } from "./plan/registry_store.ts";
import { headManifest } from "./registry/manifests.ts";

/**
 * Looks up the digest that a reference names now.
 *
 * @example
 * ```ts ignore
 * const digest = await resolveDigest("registry.example.com/app:v1");
 * ```
 * @param reference `[oci://]HOST/PATH:TAG`, or with a digest, which comes back checked.
 * @param options How the registry is reached.
 * @returns The digest.
 * @throws {OciPushError} `TAG_NOT_FOUND`, `REPOSITORY_NOT_FOUND`, and whatever hinders the question.
 */
export async function resolveDigest(
  reference: string,
  options: CopyOptions = {},
): Promise<Digest> {
  const from = parseReference(reference);
  const signal = options.signal ?? new AbortController().signal;
  using source = await connectSource(
    from,
    connectOptions(options, {
      insecureSkipTLSVerify: false,
      signal,
      onEvent: (event) => options.onEvent?.(event),
    }),
  );
  const tagOrDigest = from.digest ?? from.tag ?? "latest";
  const head = await headManifest(source.repository, tagOrDigest, { signal });
  if (head?.digest) return head.digest;
  // Not there: the GET says so in words, and names what is.
  const { digest } = await registrySource(source.repository).getManifest(tagOrDigest, { signal });
  return digest;
}
