import { type Digest, digestOf } from "../../lib/oci/digest.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../../lib/oci/media_type.ts";
import type { Destination, Source } from "../../lib/plan/store.ts";
import type { FetchedManifest } from "../../lib/registry/manifests.ts";

/** Documents and tags in memory; answers the planner and writes down what it asked. */
export class FakeStore implements Source, Destination {
  readonly manifests = new Map<string, FetchedManifest>();
  readonly blobs = new Set<string>();
  readonly asked: string[] = [];
  referrers = false;
  empty = false;

  async add(document: object | string, tag?: string): Promise<FetchedManifest> {
    const text = typeof document === "string" ? document : JSON.stringify(document);
    const bytes = new TextEncoder().encode(text);
    const digest = await digestOf(bytes);
    const { mediaType } = JSON.parse(text);
    const manifest = { bytes, mediaType, digest };
    this.manifests.set(digest, manifest);
    if (tag) this.manifests.set(tag, manifest);
    return manifest;
  }

  getManifest(tagOrDigest: string): Promise<FetchedManifest> {
    this.asked.push(`get ${this.#name(tagOrDigest)}`);
    const found = this.manifests.get(tagOrDigest);
    if (found) return Promise.resolve(found);
    return Promise.reject(
      new OciPushError("TAG_NOT_FOUND", `no ${tagOrDigest}`, { terminal: true }),
    );
  }

  resolve(tagOrDigest: string): Promise<Digest | undefined> {
    this.asked.push(`head ${this.#name(tagOrDigest)}`);
    return Promise.resolve(this.manifests.get(tagOrDigest)?.digest);
  }

  hasReferrers(): Promise<boolean> {
    this.asked.push("referrers");
    return Promise.resolve(this.referrers);
  }

  hasBlob(digest: Digest): Promise<boolean> {
    this.asked.push("head blob");
    return Promise.resolve(this.blobs.has(digest));
  }

  isEmpty(): Promise<boolean> {
    this.asked.push("list tags");
    return Promise.resolve(this.empty);
  }

  #name(tagOrDigest: string): string {
    return tagOrDigest.includes(":") ? "by digest" : tagOrDigest;
  }
}

/** A digest made of one letter. */
export function letter(c: string): Digest {
  return `sha256:${c.repeat(64)}`;
}

/** A descriptor of a blob that exists nowhere. */
export function blob(c: string, size = 10): { mediaType: string; digest: Digest; size: number } {
  return { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: letter(c), size };
}

/** An image manifest with a config and layers. */
export function image(
  config: string,
  layers: ReturnType<typeof blob>[],
  more: object = {},
): object {
  return {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { ...blob(config, 5), mediaType: "application/vnd.oci.image.config.v1+json" },
    layers,
    ...more,
  };
}

/** An index of documents that were added before. */
export function index(children: FetchedManifest[], more: object[] = [], rest: object = {}): object {
  return {
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: children.map(({ mediaType, digest, bytes }, i) => ({
      mediaType,
      digest,
      size: bytes.length,
      ...more[i],
    })),
    ...rest,
  };
}
