/**
 * What the parts cost: `deno task bench:parts`.
 *
 * @module
 */

import { parseChallenges } from "../../lib/oci/challenge.ts";
import { digestOf, parseDigest } from "../../lib/oci/digest.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../../lib/oci/media_type.ts";
import { parseReference } from "../../lib/oci/reference.ts";
import { type DestinationReference, planCopy } from "../../lib/plan/plan_copy.ts";
import { createDigester } from "../../lib/transfer/digester.ts";
import { FakeStore } from "../plan/fake_store.ts";

const DIGEST = parseDigest(`sha256:${"0123456789abcdef".repeat(4)}`);
const MIB = 1024 ** 2;

Deno.bench("read a reference", () => {
  parseReference(`registry.example.com:5000/team/app:v1.2.3-rc.1@${DIGEST}`);
});

Deno.bench("read a challenge", () => {
  parseChallenges(
    'Bearer realm="https://auth.example.com/token",service="registry.example.com",' +
      'scope="repository:team/app:pull,push repository:team/base:pull",error="invalid_token"',
  );
});

const IMAGES = 100;
const LAYERS = 10;
const store = await indexOf({ images: IMAGES, layers: LAYERS });
const from = parseReference("a.example.com/app:v1");
const to = parseReference("b.example.com/app:v1") as DestinationReference;

Deno.bench(`plan an index of ${IMAGES} images with ${LAYERS} layers`, async () => {
  store.asked.length = 0;
  const destination = new FakeStore();
  destination.empty = true;
  const plan = await planCopy({ from, to }, {
    source: store,
    destination,
    maxArtifactSize: -1,
    noOverwrite: false,
    lookUp: "needed",
    trustManifests: true,
    concurrency: 32,
  });
  if (plan.blobs.length !== IMAGES * (LAYERS + 1)) throw new Error(`${plan.blobs.length} blobs`);
});

const bytes = new Uint8Array(4 * MIB);
Deno.bench("hash a manifest of 4 MiB at once", async () => {
  await digestOf(bytes);
});
Deno.bench("hash 4 MiB in pieces of 64 KiB", async () => {
  const digester = await createDigester(DIGEST);
  for (let at = 0; at < bytes.length; at += MIB / 16) {
    digester.update(bytes.subarray(at, at + MIB / 16));
  }
  digester.digest();
});

/** A store with an index of images that have nothing in common. */
async function indexOf({ images, layers }: { images: number; layers: number }): Promise<FakeStore> {
  const store = new FakeStore();
  const entry = async (mediaType: string, number: number) => ({
    mediaType,
    digest: await digestOf(new TextEncoder().encode(`${mediaType} ${number}`)),
    size: 1000,
  });
  const manifests: object[] = [];
  for (let image = 0; image < images; image++) {
    const { mediaType, digest, bytes } = await store.add({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: await entry("application/vnd.oci.image.config.v1+json", image),
      layers: await Promise.all(
        Array.from(
          { length: layers },
          (_, i) => entry("application/vnd.oci.image.layer.v1.tar", image * layers + i),
        ),
      ),
    });
    const platform = { os: "linux", architecture: `arch${image}` };
    manifests.push({ mediaType, digest, size: bytes.length, platform });
  }
  await store.add({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }, "v1");
  return store;
}
