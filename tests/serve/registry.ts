/**
 * A registry without a socket, and content to push.
 *
 * @module
 */

import { assertEquals } from "../../lib/std/assert.ts";
import { type Digest, digestOf } from "../../lib/oci/digest.ts";
import { OCI_EMPTY, OCI_INDEX, OCI_MANIFEST } from "../../lib/oci/media_type.ts";
import { createRegistryHandler, type RegistryHandlerOptions } from "../../lib/serve/handler.ts";
import { createMemoryStorage } from "../../lib/serve/memory_storage.ts";

/** What a request is made of, beside its method and path. */
export interface AskOptions {
  headers?: Record<string, string>;
  body?: BodyInit;
}

/** Sends a request: `ask("GET", "/v2/")`. */
export type Ask = (method: string, path: string, options?: AskOptions) => Promise<Response>;

/** A registry to ask; in memory unless another storage is given. */
export function openRegistry(options: Partial<RegistryHandlerOptions> = {}): Ask {
  const handler = createRegistryHandler({ storage: createMemoryStorage(), ...options });
  return (method, path, { headers = {}, body = null } = {}) =>
    handler(new Request(new URL(path, "http://registry.test"), { method, headers, body }));
}

/** The status and what there is to read, with the headers that are named. */
export async function seen(
  response: Response,
  ...headers: string[]
): Promise<{ status: number; body: string } & Record<string, unknown>> {
  return {
    status: response.status,
    body: await response.text(),
    ...Object.fromEntries(headers.map((name) => [name, response.headers.get(name)])),
  };
}

/** The codes of an error body. */
export async function codes(response: Response): Promise<string[]> {
  const { errors } = await response.json() as { errors: { code: string }[] };
  return errors.map(({ code }) => code);
}

/** Some text as bytes. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Pushes a blob in one request. */
export async function pushBlob(
  ask: Ask,
  name: string,
  content: string,
): Promise<{ digest: Digest; size: number }> {
  const bytes = bytesOf(content);
  const digest = await digestOf(bytes);
  const response = await ask("POST", `/v2/${name}/blobs/uploads/?digest=${digest}`, {
    body: bytes,
  });
  assertEquals(response.status, 201, await response.text());
  return { digest, size: bytes.length };
}

/** What a manifest says beside its config. */
export interface ManifestFields {
  artifactType?: string;
  layers?: { mediaType: string; digest: Digest; size: number; urls?: string[] }[];
  subject?: { mediaType: string; digest: Digest; size: number };
  annotations?: Record<string, string>;
}

/** A manifest whose only blob is the empty config, `{}`, and its digest. */
export async function imageManifest(
  fields: ManifestFields = {},
): Promise<{ text: string; digest: Digest; size: number }> {
  const config = { mediaType: OCI_EMPTY, digest: await digestOf(bytesOf("{}")), size: 2 };
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config,
    layers: [],
    ...fields,
  });
  return { text, digest: await digestOf(bytesOf(text)), size: text.length };
}

/** An index of manifests, and its digest. */
export async function imageIndex(
  manifests: { digest: Digest; size: number }[],
): Promise<{ text: string; digest: Digest; size: number }> {
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: manifests.map(({ digest, size }) => ({ mediaType: OCI_MANIFEST, digest, size })),
  });
  return { text, digest: await digestOf(bytesOf(text)), size: text.length };
}

/** Puts a manifest under a tag or digest, with the empty config pushed before. */
export async function pushManifest(
  ask: Ask,
  path: string,
  text: string,
): Promise<Response> {
  const [, name = ""] = /^\/v2\/(.+)\/manifests\//.exec(path) ?? [];
  await pushBlob(ask, name, "{}");
  const { mediaType } = JSON.parse(text) as { mediaType: string };
  return await ask("PUT", path, { headers: { "content-type": mediaType }, body: text });
}
