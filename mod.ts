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

// Copying
export { type CopyResult, executePlan, ociPush, planCopy } from "./lib/copy.ts";
export type { CopyOptions, CopyRequest } from "./lib/copy_request.ts";
export { resolveDigest } from "./lib/resolve.ts";
export type { CertificateSource, SideOptions } from "./lib/connect_sides.ts";
export type { CredentialQuery, CredentialSource } from "./lib/credentials/source.ts";
export { createCredentialChain, type CredentialChainOptions } from "./lib/credentials/chain.ts";
export type { ExplicitCredentials } from "./lib/credentials/chain.ts";
export type { Environment } from "./lib/credentials/environment.ts";
export type { HelperOptions } from "./lib/credentials/helper.ts";
export type {
  Plan,
  PlannedBlob,
  PlannedDestination,
  PlannedManifest,
  PlannedSize,
  PlannedSource,
  Warning,
  WarningCode,
} from "./lib/plan/plan.ts";
export type { BlobOutcome, CopyEvent, TransferEvent } from "./lib/transfer/event.ts";
export type { Engine, TransferEnvironment } from "./lib/transfer/engine.ts";
export type { BlobTask, TransferSettings } from "./lib/transfer/task.ts";
export type { Sides } from "./lib/transfer/sides.ts";

// Promotions
export { promote, type PromoteOptions } from "./lib/promotion/promote.ts";
export { runStep, type RunStepOptions } from "./lib/promotion/run_step.ts";
export { readFreight } from "./lib/promotion/freight_file.ts";
export type { ReadYamlOptions } from "./lib/promotion/yaml.ts";
export type { PromotionEvent, PromotionResult, Status, StepResult } from "./lib/promotion/event.ts";
export type { Clock } from "./lib/promotion/attempt.ts";
export type { PromotionContext } from "./lib/promotion/context.ts";
export type {
  Freight,
  FreightChart,
  FreightCommit,
  FreightImage,
} from "./lib/promotion/freight.ts";
export type {
  Effects,
  PushConfig,
  PushOptions,
  PushOutcome,
  StepOutcome,
} from "./lib/promotion/steps/step_definition.ts";

// Errors
export { type ErrorCode, type ErrorDetails, OciPushError, type Side } from "./lib/oci/error.ts";

// The client
export {
  connect,
  type ConnectOptions,
  type RegistryConnection,
  type RegistrySettings,
} from "./lib/registry/connect.ts";
export {
  type Authorization,
  type AuthorizeOptions,
  type Authorizer,
  type AuthorizerOptions,
  createAuthorizer,
} from "./lib/registry/authorizer.ts";
export type {
  Credential,
  IdentityCredential,
  PasswordCredential,
} from "./lib/registry/credential.ts";
export type { RegistryEvent, RequestEvent, WaitEvent } from "./lib/registry/event.ts";
export type { Repository } from "./lib/registry/repository.ts";
export type { Transport, TransportInit } from "./lib/registry/transport.ts";
export {
  type FetchedManifest,
  getManifest,
  headManifest,
  type ManifestContent,
  type ManifestHead,
  type ManifestOptions,
  putManifest,
  type PutManifestResult,
} from "./lib/registry/manifests.ts";
export {
  type FetchedBlob,
  getBlob,
  type GetBlobOptions,
  headBlob,
  type HeadBlobOptions,
} from "./lib/registry/blobs.ts";
export {
  deleteUpload,
  getUpload,
  patchUpload,
  type PatchUploadOptions,
  type PatchUploadResult,
  postUpload,
  type PostUploadOptions,
  type PostUploadResult,
  putUpload,
  type PutUploadOptions,
  type PutUploadResult,
  type Upload,
  type UploadOptions,
} from "./lib/registry/uploads.ts";
export { listTags, type ListTagsOptions } from "./lib/registry/tags.ts";
export { listReferrers, type ListReferrersOptions } from "./lib/registry/referrers.ts";
export type { RepositoryScope } from "./lib/oci/challenge.ts";
export type { Descriptor, Platform } from "./lib/oci/descriptor.ts";
export type { Digest, DigestAlgorithm } from "./lib/oci/digest.ts";
export type { ByteRange } from "./lib/oci/http_range.ts";
export { formatReference, parseReference, type Reference } from "./lib/oci/reference.ts";

// The embedded registry
export { type EmbeddedRegistry, type ServeOptions, serveRegistry } from "./lib/serve/serve.ts";
export type { AccessRule, Action, AuthBase, BasicAuth, BearerAuth } from "./lib/serve/auth.ts";
export type { RequestEvent as ServedRequest } from "./lib/serve/handler.ts";
