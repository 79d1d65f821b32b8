/**
 * The step `kustomize-set-image`: names other images in a kustomization.
 *
 * @module
 */

import { OciPushError } from "../../oci/error.ts";
import type { FreightSet } from "../freight_set.ts";
import type { FreightImage } from "../freight.ts";
import { formatEntry, type ImageEntry } from "../kustomize/image_entry.ts";
import { setImages } from "../kustomize/kustomization.ts";
import { readKustomization, writeKustomization } from "../kustomize/kustomization_file.ts";
import { Place } from "../place.ts";
import { staysInside } from "../workdir.ts";
import type { StepDefinition } from "./step_definition.ts";

/** The config of `kustomize-set-image`. */
export interface KustomizeSetImageConfig {
  /** The folder of the kustomization, relative to the working directory. */
  path: string;
  /** The images to set; without them, all of the freight's. */
  images?: ImageConfig[];
}

/** An image of a {@linkcode KustomizeSetImageConfig}. */
export interface ImageConfig {
  /** The image, as the freight and the manifests call it. */
  image: string;
  /** What the manifests call it, where that is something else. */
  name?: string;
  /** What it becomes. */
  newName?: string;
  /** The tag it gets; not beside a digest. */
  tag?: string;
  /** The digest it gets; not beside a tag. */
  digest?: string;
}

/** The step `kustomize-set-image`; outputs `commitMessage`. */
export const KUSTOMIZE_SET_IMAGE: StepDefinition = {
  uses: "kustomize-set-image",
  config: {
    type: "object",
    fields: {
      path: { type: "string", required: true },
      images: {
        type: "list",
        of: {
          type: "object",
          fields: {
            image: { type: "string", required: true },
            name: { type: "string" },
            newName: { type: "string" },
            tag: { type: "string" },
            digest: { type: "string" },
          },
        },
      },
    },
  },
  check(config, place) {
    const { path, images = [] } = config as unknown as KustomizeSetImageConfig;
    if (!staysInside(path)) {
      throw place.at("path").error(`"${path}" is outside the working directory`, {
        hint: "paths of steps are relative to --workdir and stay in it",
      });
    }
    for (const [index, image] of images.entries()) checkImage(image, place.at("images").at(index));
  },
  async run(config, { workdir, freight, dryRun, signal }) {
    const { path, images = [] } = config as unknown as KustomizeSetImageConfig;
    const wanted = images.length > 0
      ? images.map((image) => entryOf(image, freight))
      : freightEntries(freight);
    const file = await readKustomization(path, { workdir });
    const set = await setImages(file.text, wanted, { place: new Place({ file: file.name }) });
    signal.throwIfAborted();
    const isChanged = set.text !== file.text;
    if (isChanged && !dryRun) await writeKustomization(file, set.text);
    return {
      output: { commitMessage: commitMessage(path, set.images) },
      summary: isChanged ? `${file.name} set` : `${file.name} was so already`,
      ...(dryRun ? { plan: { file: file.name, isChanged, images: set.images } } : {}),
    };
  },
};

function checkImage({ image, name, tag, digest }: ImageConfig, place: Place): void {
  if ((name || image) === "") throw place.at("image").error("an image has a name");
  if (tag && digest) throw place.error('"tag" and "digest" stand there, one of them is wanted');
}

function entryOf(config: ImageConfig, freight: FreightSet): ImageEntry {
  const { image, name, newName, tag, digest } = config;
  const revision = tag
    ? { newTag: tag }
    : digest
    ? { digest }
    : freightRevision(config, freight.images(image));
  return { name: name || image, ...(newName ? { newName } : {}), ...revision };
}

/** Without a tag and a digest it is the freight that says; a new name alone is enough, too. */
function freightRevision(
  { image, newName }: ImageConfig,
  found: FreightImage[],
): Pick<ImageEntry, "newTag" | "digest"> {
  const [only, second] = found;
  if (second) throw ambiguous(image);
  if (only) return revisionOf(only);
  if (newName) return {};
  throw new OciPushError(
    "STEP_FAILED",
    `cannot set image "${image}": it has no tag, no digest, and the freight does not know it`,
    { terminal: true, hint: "give it a tag, a digest or a newName" },
  );
}

function freightEntries(freight: FreightSet): ImageEntry[] {
  const images = freight.allImages();
  if (images.length === 0) {
    throw new OciPushError("STEP_FAILED", "cannot set images: the freight has none", {
      terminal: true,
      hint: "give the step its images, or the promotion its --freight",
    });
  }
  const names = new Set(images.map(({ repoURL }) => repoURL));
  return [...names].map((name) => {
    const [first, second] = freight.images(name);
    if (second || !first) throw ambiguous(name);
    return { name, ...revisionOf(first) };
  });
}

function revisionOf({ tag, digest }: FreightImage): Pick<ImageEntry, "newTag" | "digest"> {
  if (digest !== undefined) return { digest };
  return tag === undefined ? {} : { newTag: tag };
}

function ambiguous(image: string): OciPushError {
  return new OciPushError(
    "STEP_FAILED",
    `cannot set image "${image}": the freight has it more than once`,
    { terminal: true, hint: "give the step its images, each with a tag or a digest" },
  );
}

function commitMessage(path: string, images: readonly ImageEntry[]): string {
  const refs = images.map(formatEntry).toSorted();
  const [only] = refs;
  const head = refs.length === 1 ? `Set image in ${path}` : `Set ${refs.length} images in ${path}`;
  return only === undefined ? head : `${head}\n\n${refs.map((ref) => `- ${ref}`).join("\n")}`;
}
