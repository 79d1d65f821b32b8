/**
 * Real content for tests, made without any tool, and a client that is not the one under test.
 *
 * @module
 */

import { encodeBase64, encodeHex } from "../../lib/std/encoding.ts";

/** An artifact: its blobs and documents, children before parents. */
export interface Content {
  blobs: Map<string, Uint8Array<ArrayBuffer>>;
  manifests: { digest: string; mediaType: string; bytes: Uint8Array<ArrayBuffer> }[];
  /** The digest of the last document, on which all hangs. */
  root: string;
}

const OCI = "application/vnd.oci.image";
const DOCKER = "application/vnd.docker.distribution";
export const MANIFEST = `${OCI}.manifest.v1+json`;
export const INDEX = `${OCI}.index.v1+json`;
export const DOCKER_MANIFEST = `${DOCKER}.manifest.v2+json`;
export const DOCKER_LIST = `${DOCKER}.manifest.list.v2+json`;

/** Collects an artifact piece by piece; every piece comes back as its descriptor. */
export class ContentBuilder {
  readonly #content: Content = { blobs: new Map(), manifests: [], root: "" };

  async blob(
    data: string | Uint8Array<ArrayBuffer>,
    mediaType: string,
    algorithm: "sha256" | "sha512" = "sha256",
  ): Promise<Entry> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    const digest = await digestOf(bytes, algorithm);
    this.#content.blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  }

  /** A gzip'd tar with one file, as a layer. */
  async layer(path: string, text: string, mediaType = `${OCI}.layer.v1.tar+gzip`): Promise<Entry> {
    const stream = new Blob([tar(path, new TextEncoder().encode(text))]).stream();
    const zipped = stream.pipeThrough(new CompressionStream("gzip"));
    return await this.blob(new Uint8Array(await new Response(zipped).arrayBuffer()), mediaType);
  }

  /** A document as it is given; strings keep their bytes. */
  async document(
    value: object | string,
    algorithm: "sha256" | "sha512" = "sha256",
  ): Promise<Entry> {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const bytes = new TextEncoder().encode(text);
    const { mediaType } = JSON.parse(text) as { mediaType: string };
    const digest = await digestOf(bytes, algorithm);
    this.#content.manifests.push({ digest, mediaType, bytes });
    this.#content.root = digest;
    return { mediaType, digest, size: bytes.length };
  }

  /** A runnable image for a platform, with a valid config; `docker` makes it schema 2. */
  async image(options: ImageOptions = {}): Promise<Entry> {
    const { architecture = "amd64", layers = ["hello"], docker = false, more = {} } = options;
    const diffIds: string[] = [];
    const entries: Entry[] = [];
    for (const text of layers) {
      diffIds.push(await digestOf(tar("message.txt", new TextEncoder().encode(text)), "sha256"));
      const mediaType = docker
        ? "application/vnd.docker.image.rootfs.diff.tar.gzip"
        : `${OCI}.layer.v1.tar+gzip`;
      entries.push(await this.layer("message.txt", text, mediaType));
    }
    const config = await this.blob(
      JSON.stringify({
        architecture,
        os: "linux",
        config: { Cmd: ["cat", "/message.txt"] },
        rootfs: { type: "layers", diff_ids: diffIds },
      }),
      docker ? "application/vnd.docker.container.image.v1+json" : `${OCI}.config.v1+json`,
    );
    const mediaType = docker ? DOCKER_MANIFEST : MANIFEST;
    return await this.document({ schemaVersion: 2, mediaType, config, layers: entries, ...more });
  }

  async index(manifests: object[], more: object = {}): Promise<Entry> {
    return await this.document({ schemaVersion: 2, mediaType: INDEX, manifests, ...more });
  }

  build(): Content {
    return this.#content;
  }
}

/** A descriptor. */
export interface Entry {
  mediaType: string;
  digest: string;
  size: number;
}

/** Options of an image. */
export interface ImageOptions {
  architecture?: string;
  /** A layer for each text. */
  layers?: string[];
  docker?: boolean;
  /** More fields of the manifest. */
  more?: object;
}

/** An index of two platforms that share a layer. */
export async function createImageIndex(): Promise<Content> {
  const builder = new ContentBuilder();
  const amd64 = await builder.image({ layers: ["shared", "for amd64"] });
  const arm64 = await builder.image({ architecture: "arm64", layers: ["shared", "for arm64"] });
  await builder.index([
    { ...amd64, platform: { os: "linux", architecture: "amd64" } },
    { ...arm64, platform: { os: "linux", architecture: "arm64" } },
  ]);
  return builder.build();
}

/** Puts an artifact into a repository by plain fetch. */
export async function pushContent(
  url: URL,
  repository: string,
  content: Content,
  options: { tag?: string; headers?: Record<string, string>; client?: Deno.HttpClient } = {},
): Promise<void> {
  const { tag, headers = {}, client } = options;
  const fetch = (url: URL, init: RequestInit) =>
    globalThis.fetch(url, { ...init, ...(client && { client }) });
  for (const [digest, bytes] of content.blobs) {
    const opened = await expect(
      fetch(new URL(`/v2/${repository}/blobs/uploads/`, url), { method: "POST", headers }),
      202,
    );
    const location = new URL(opened.headers.get("location")!, url);
    location.searchParams.set("digest", digest);
    await expect(fetch(location, { method: "PUT", headers, body: bytes }), 201);
  }
  for (const { digest, mediaType, bytes } of content.manifests) {
    const name = digest === content.root && tag ? tag : digest;
    await expect(
      fetch(new URL(`/v2/${repository}/manifests/${name}`, url), {
        method: "PUT",
        headers: { ...headers, "content-type": mediaType },
        body: bytes,
      }),
      201,
    );
  }
}

/** What a registry has under a name. */
export interface StoredGraph {
  root: string;
  /** Documents by digest, their exact text. */
  documents: Map<string, string>;
  /** Digests of blobs. */
  blobs: Set<string>;
}

/**
 * Walks what a registry has under a name by plain fetch, and checks every digest and size on the
 * way; blobs are read and hashed. Foreign layers are left where they are.
 */
export async function readGraph(
  url: URL,
  repository: string,
  tagOrDigest: string,
  options: { headers?: Record<string, string>; client?: Deno.HttpClient } = {},
): Promise<StoredGraph> {
  const { headers = {}, client } = options;
  const get = (path: string, accept = "*/*") =>
    expect(
      fetch(new URL(`/v2/${repository}/${path}`, url), {
        headers: { ...headers, accept },
        ...(client && { client }),
      }),
      200,
    );
  const graph: StoredGraph = { root: "", documents: new Map(), blobs: new Set() };
  const visit = async (name: string, edge?: Entry): Promise<void> => {
    const accept = [MANIFEST, INDEX, DOCKER_MANIFEST, DOCKER_LIST].join(", ");
    const response = await get(`manifests/${name}`, accept);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const digest = await digestOf(bytes, edge?.digest.startsWith("sha512:") ? "sha512" : "sha256");
    if (edge && (digest !== edge.digest || bytes.length !== edge.size)) {
      throw new Error(`${name} has digest ${digest} and ${bytes.length} bytes`);
    }
    graph.root ||= digest;
    const text = new TextDecoder().decode(bytes);
    graph.documents.set(digest, text);
    const { manifests = [], config, layers = [] } = JSON.parse(text);
    for (const child of manifests as Entry[]) await visit(child.digest, child);
    for (
      const blob of [...(config ? [config] : []), ...layers] as (Entry & { urls?: string[] })[]
    ) {
      if (!blob.urls) await check(blob);
    }
  };
  const check = async (blob: Entry): Promise<void> => {
    const response = await get(`blobs/${blob.digest}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const algorithm = blob.digest.startsWith("sha512:") ? "sha512" : "sha256";
    const digest = await digestOf(bytes, algorithm);
    if (digest !== blob.digest || bytes.length !== blob.size) {
      throw new Error(`blob ${blob.digest} has digest ${digest} and ${bytes.length} bytes`);
    }
    graph.blobs.add(digest);
  };
  await visit(tagOrDigest);
  return graph;
}

/** The digest of bytes, by WebCrypto. */
export async function digestOf(
  bytes: Uint8Array<ArrayBuffer>,
  algorithm: "sha256" | "sha512" = "sha256",
): Promise<string> {
  const name = algorithm === "sha256" ? "SHA-256" : "SHA-512";
  return `${algorithm}:${encodeHex(await crypto.subtle.digest(name, bytes))}`;
}

/** The value of an Authorization header. */
export function basic(username: string, password: string): string {
  return `Basic ${encodeBase64(`${username}:${password}`)}`;
}

async function expect(answer: Promise<Response>, status: number): Promise<Response> {
  const response = await answer;
  if (response.status === status) {
    if (status !== 200) await response.body?.cancel();
    return response;
  }
  throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
}

/** A tar archive of one file: a header, the bytes, two empty blocks. Follows POSIX ustar. */
function tar(path: string, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const blocks = Math.ceil(bytes.length / 512);
  const archive = new Uint8Array(512 * (1 + blocks + 2));
  const write = (text: string, at: number) => archive.set(new TextEncoder().encode(text), at);
  write(path, 0);
  write("0000644\0", 100);
  write("0000000\0", 108);
  write("0000000\0", 116);
  write(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124);
  write("00000000000\0", 136);
  write("        0", 148);
  write("ustar\0" + "00", 257);
  const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  archive.set(bytes, 512);
  return archive;
}
