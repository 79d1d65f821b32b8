/**
 * The work that everybody does: what is in the registries, and what has to be copied.
 *
 * @module
 */

import { type Content, ContentBuilder, type Entry } from "../support/images.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** One case of the comparison. */
export interface Work {
  name: string;
  /** What the source has, by `repository:tag`. */
  source: () => Promise<[name: string, content: Content][]>;
  /** What is copied. */
  from: string;
  /** Where it goes, under the destination; `same:` in front means the source's registry. */
  to: string;
  /** What the destination has before each run, copied there without being measured. */
  before: [from: string, to: string][];
}

/** All cases. */
export const WORK: Work[] = [
  image("big", { layers: 4, bytes: 256 * MIB }),
  image("small", { layers: 64, bytes: 256 * KIB }),
  image("many", { layers: 1000, bytes: 4 * KIB }),
  {
    name: "multi",
    source: async () => [["app:v1", await index({ images: 4, own: 8, shared: 0, bytes: 4 * MIB })]],
    from: "app:v1",
    to: "app:v1",
    before: [],
  },
  {
    name: "wide",
    source: async () => [["app:v1", await index({ images: 20, own: 2, shared: 4, bytes: MIB })]],
    from: "app:v1",
    to: "app:v1",
    before: [],
  },
  { ...image("retag", { layers: 8, bytes: MIB }), to: "same:app:v2" },
  { ...image("unchanged", { layers: 8, bytes: MIB }), before: [["app:v1", "app:v1"]] },
  { ...image("new tag", { layers: 8, bytes: MIB }), to: "app:v2", before: [["app:v1", "app:v1"]] },
  { ...image("mount", { layers: 16, bytes: MIB }), to: "same:other:v1" },
  {
    name: "update",
    source: async () => {
      const old = new ContentBuilder();
      await layered(old, { layers: 8, bytes: 4 * MIB });
      const update = new ContentBuilder();
      await layered(update, { layers: 8, bytes: 4 * MIB, changed: 7 });
      return [["app:v1", old.build()], ["app:v2", update.build()]];
    },
    from: "app:v2",
    to: "app:v2",
    before: [["app:v1", "app:v1"]],
  },
];

function image(name: string, size: { layers: number; bytes: number }): Work {
  return {
    name,
    source: async () => {
      const builder = new ContentBuilder();
      await layered(builder, size);
      return [["app:v1", builder.build()]];
    },
    from: "app:v1",
    to: "app:v1",
    before: [],
  };
}

async function index(
  { images, own, shared, bytes }: { images: number; own: number; shared: number; bytes: number },
): Promise<Content> {
  const builder = new ContentBuilder();
  const entries: object[] = [];
  for (let i = 0; i < images; i++) {
    const entry = await layered(builder, { layers: own, shared, bytes, seed: i + 1 });
    entries.push({ ...entry, platform: { os: "linux", architecture: `arch${i}` } });
  }
  await builder.index(entries);
  return builder.build();
}

interface Layered {
  layers: number;
  shared?: number;
  bytes: number;
  seed?: number;
  /** A layer that differs from that of an image made the same way. */
  changed?: number;
}

async function layered(builder: ContentBuilder, options: Layered): Promise<Entry> {
  const { layers, shared = 0, bytes, seed = 0, changed } = options;
  const mediaType = "application/vnd.oci.image.layer.v1.tar";
  const entries: Entry[] = [];
  for (let i = 0; i < shared; i++) {
    entries.push(await builder.blob(noise(bytes, 9000 + i), mediaType));
  }
  for (let i = 0; i < layers; i++) {
    const number = i === changed ? 8000 : seed * 100 + i;
    entries.push(await builder.blob(noise(bytes, number), mediaType));
  }
  const config = await builder.blob(
    JSON.stringify({ architecture: "amd64", os: "linux", seed, changed }),
    "application/vnd.oci.image.config.v1+json",
  );
  return await builder.document({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config,
    layers: entries,
  });
}

/** Bytes that no one can compress, the same for the same number. Marsaglia's xorshift32. */
function noise(length: number, number: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(length / 4);
  let state = (number + 1) * 2654435761 >>> 0;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer);
}
