/**
 * Promotes OCI artifacts: images, multi-arch indexes, Helm charts, anything with a manifest, from
 * one registry to another or to another tag of the same.
 *
 * ```ts ignore
 * import { ociPush } from "https://example.com/oci-push/mod.ts";
 *
 * const { image, digest, tag } = await ociPush({
 *   srcRef: "sandbox.example.com/team/app:v1.2.3-rc.1",
 *   destRef: "prod.example.com/team/app:v1.2.3",
 * });
 * ```
 *
 * @module
 */

export { type CopyResult, executePlan, ociPush, planCopy } from "./lib/copy.ts";
export type { CopyOptions, CopyRequest } from "./lib/copy_request.ts";
export { type ErrorCode, type ErrorDetails, OciPushError, type Side } from "./lib/oci/error.ts";
