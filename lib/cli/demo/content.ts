/**
 * What the demo copies: real artifacts, made on the spot.
 *
 * @module
 */

import { digestOf } from "../../oci/digest.ts";
import { OCI_EMPTY, OCI_INDEX, OCI_MANIFEST } from "../../oci/media_type.ts";
import { tarball } from "./tarball.ts";

/** An artifact that can be pushed. */
export interface DemoArtifact {
  /** The path under a registry. */
  repository: string;
  /** The tag that names it. */
  tag: string;
  /** What it is, for people. */
  title: string;
  /** Content by digest. */
  blobs: Map<string, Uint8Array<ArrayBuffer>>;
  /** Children before parents; the last one gets the tag. */
  manifests: { digest: string; mediaType: string; bytes: Uint8Array<ArrayBuffer> }[];
}

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

const LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
const CONFIG = "application/vnd.oci.image.config.v1+json";

/**
 * Makes the demo's artifacts.
 *
 * @returns A multi-arch image, a nested index, an image with BuildKit's attestations, a Helm chart.
 */
export async function createDemoArtifacts(): Promise<DemoArtifact[]> {
  return [
    await artifact("app:v1.2.3-rc.1", "multi-arch image", async (make) => {
      await make.index(await platforms(make, ["amd64", "arm64"]));
    }),
    await artifact("bundle:v1", "nested index", async (make) => {
      const inner = await make.index(await platforms(make, ["amd64"]));
      await make.index([inner, ...await platforms(make, ["arm64"])]);
    }),
    await artifact("attested:v1", "image with attestations", async (make) => {
      const [image] = await platforms(make, ["amd64"]);
      const config = await make.blob("{}", OCI_EMPTY);
      const statement = await make.blob(
        JSON.stringify({
          _type: "https://in-toto.io/Statement/v0.1",
          predicateType: "https://slsa.dev/provenance/v0.2",
          subject: [{ name: "app", digest: { sha256: image!.digest.slice("sha256:".length) } }],
          predicate: { buildType: "https://mobyproject.org/buildkit@v1" },
        }),
        "application/vnd.in-toto+json",
      );
      const about = await make.manifest({ config, layers: [statement] });
      await make.index([image!, {
        ...about,
        platform: { os: "unknown", architecture: "unknown" },
        annotations: {
          "vnd.docker.reference.type": "attestation-manifest",
          "vnd.docker.reference.digest": image!.digest,
        },
      }]);
    }),
    await artifact("shop:1.2.3", "Helm chart", async (make) => {
      const chart = { name: "shop", version: "1.2.3", apiVersion: "v2", type: "application" };
      const yaml = Object.entries(chart).map(([key, value]) => `${key}: ${value}\n`).join("");
      const { zipped } = await tarball({
        "shop/Chart.yaml": yaml,
        "shop/values.yaml": "replicas: 2\n",
      });
      const helm = "application/vnd.cncf.helm";
      const config = await make.blob(JSON.stringify(chart), `${helm}.config.v1+json`);
      const layer = await make.blob(zipped, `${helm}.chart.content.v1.tar+gzip`);
      await make.manifest({ config, layers: [layer] });
    }),
  ];
}

/** Images that share a layer and have one of their own. */
async function platforms(make: Maker, architectures: string[]): Promise<Descriptor[]> {
  const base = await tarball({
    "etc/os-release": "ID=demo\nNAME=demo\n",
    "usr/share/data": noise(7),
  });
  const images: Descriptor[] = [];
  for (const [i, architecture] of architectures.entries()) {
    const own = await tarball({ "usr/bin/app": noise(100 + i), "etc/arch": `${architecture}\n` });
    const config = await make.blob(
      JSON.stringify({
        architecture,
        os: "linux",
        config: { Entrypoint: ["/usr/bin/app"] },
        rootfs: { type: "layers", diff_ids: [base.diffId, own.diffId] },
      }),
      CONFIG,
    );
    const layers = [await make.blob(base.zipped, LAYER), await make.blob(own.zipped, LAYER)];
    const image = await make.manifest({ config, layers });
    images.push({ ...image, ...{ platform: { os: "linux", architecture } } });
  }
  return images;
}

interface Maker {
  blob(data: string | Uint8Array<ArrayBuffer>, mediaType: string): Promise<Descriptor>;
  manifest(fields: object): Promise<Descriptor>;
  index(manifests: object[]): Promise<Descriptor>;
}

async function artifact(
  name: string,
  title: string,
  build: (make: Maker) => Promise<void>,
): Promise<DemoArtifact> {
  const [repository, tag] = name.split(":") as [string, string];
  const made: DemoArtifact = { repository, tag, title, blobs: new Map(), manifests: [] };
  const document = async (mediaType: string, fields: object): Promise<Descriptor> => {
    const text = JSON.stringify({ schemaVersion: 2, mediaType, ...fields });
    const bytes = new TextEncoder().encode(text);
    const digest = await digestOf(bytes);
    made.manifests.push({ digest, mediaType, bytes });
    return { mediaType, digest, size: bytes.length };
  };
  await build({
    async blob(data, mediaType) {
      const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
      const digest = await digestOf(bytes);
      made.blobs.set(digest, bytes);
      return { mediaType, digest, size: bytes.length };
    },
    manifest: (fields) => document(OCI_MANIFEST, fields),
    index: (manifests) => document(OCI_INDEX, { manifests }),
  });
  return made;
}

/** Half a million characters that compress badly, the same every time: a linear congruential generator. */
function noise(seed: number): string {
  const bytes = new Uint8Array(512 * 1024);
  let state = seed;
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return new TextDecoder("latin1").decode(bytes);
}
