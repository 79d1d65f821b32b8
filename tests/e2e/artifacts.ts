/**
 * The kinds of artifacts that a copy has to keep, as data.
 *
 * @module
 */

import {
  type Content,
  ContentBuilder,
  createImageIndex,
  DOCKER_LIST,
  MANIFEST,
} from "../support/images.ts";

/** An artifact to be copied. */
export interface Artifact {
  name: string;
  create: () => Promise<Content>;
}

const EMPTY = "application/vnd.oci.empty.v1+json";

/** One of each kind. */
export const ARTIFACTS: Artifact[] = [
  { name: "a single image", create: () => build((b) => b.image({ layers: ["one", "two"] })) },
  { name: "an index", create: createImageIndex },
  {
    name: "a nested index",
    create: () =>
      build(async (b) => {
        const inner = await b.index([await b.image({ layers: ["inner"] })]);
        await b.index([await b.image({ layers: ["outer"] }), inner]);
      }),
  },
  {
    name: "a Docker list",
    create: () =>
      build(async (b) => {
        const amd64 = await b.image({ docker: true, layers: ["docker"] });
        await b.document({
          schemaVersion: 2,
          mediaType: DOCKER_LIST,
          manifests: [{ ...amd64, platform: { os: "linux", architecture: "amd64" } }],
        });
      }),
  },
  {
    name: "a Helm chart",
    create: () =>
      build(async (b) => {
        const config = await b.blob(
          '{"name":"app","version":"1.0.0","apiVersion":"v2"}',
          "application/vnd.cncf.helm.config.v1+json",
        );
        const chart = await b.layer(
          "app/Chart.yaml",
          "name: app\n",
          "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
        );
        await b.document({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [chart] });
      }),
  },
  {
    name: "an artifact with an empty config and a subject that is not copied",
    create: () =>
      build(async (b) => {
        const config = await b.blob("{}", EMPTY);
        const sbom = await b.blob("SPDX", "text/spdx");
        await b.document({
          schemaVersion: 2,
          mediaType: MANIFEST,
          artifactType: "application/vnd.example.sbom",
          config,
          layers: [sbom],
          subject: { mediaType: MANIFEST, digest: `sha256:${"1".repeat(64)}`, size: 7 },
        });
      }),
  },
  {
    name: "BuildKit attestations",
    create: () =>
      build(async (b) => {
        const image = await b.image({ layers: ["attested"] });
        const config = await b.blob("{}", "application/vnd.oci.image.config.v1+json");
        const statement = await b.blob("{}\n", "application/vnd.in-toto+json");
        const about = await b.document({
          schemaVersion: 2,
          mediaType: MANIFEST,
          config,
          layers: [statement],
        });
        await b.index([
          { ...image, platform: { os: "linux", architecture: "amd64" } },
          {
            ...about,
            platform: { os: "unknown", architecture: "unknown" },
            annotations: {
              "vnd.docker.reference.type": "attestation-manifest",
              "vnd.docker.reference.digest": image.digest,
            },
          },
        ]);
      }),
  },
  {
    name: "unknown fields, odd white space and text beyond ASCII",
    create: () =>
      build(async (b) => {
        const config = await b.blob("{}", EMPTY);
        await b.document(
          `{ "schemaVersion":2,\n\t"mediaType": "${MANIFEST}", "größe": 1.50, "\\u00e9": "日本語 ✓",` +
            ` "config": ${JSON.stringify(config)}, "layers": [ ] }\n`,
        );
      }),
  },
  {
    name: "sha512 blobs",
    create: () =>
      build(async (b) => {
        const config = await b.blob("{}", EMPTY);
        const layer = await b.blob("long hash", "application/x", "sha512");
        await b.document({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] });
      }),
  },
];

async function build(make: (builder: ContentBuilder) => Promise<unknown>): Promise<Content> {
  const builder = new ContentBuilder();
  await make(builder);
  return builder.build();
}
