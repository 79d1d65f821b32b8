/**
 * The step `oci-push`: copies or retags an artifact.
 *
 * @module
 */

import { OciPushError } from "../../oci/error.ts";
import { parseReference, type Reference } from "../../oci/reference.ts";
import type { Place } from "../place.ts";
import type { PushConfig, StepDefinition } from "./step_definition.ts";

/** The step `oci-push`; outputs `image`, `digest` and `tag`. */
export const OCI_PUSH: StepDefinition = {
  uses: "oci-push",
  config: {
    type: "object",
    fields: {
      srcRef: { type: "string", required: true },
      destRef: { type: "string", required: true },
      annotations: { type: "map", of: { type: "string" } },
      insecureSkipTLSVerify: { type: "boolean" },
    },
  },
  check(config, place) {
    const { srcRef, destRef } = config as unknown as PushConfig;
    const source = readReference(srcRef, place.at("srcRef"));
    const destination = readReference(destRef, place.at("destRef"));
    const refuse = (field: string, problem: string) =>
      place.at(field).error(`"${config[field]}" ${problem}`, { code: "INVALID_REFERENCE" });
    if (source.tag === undefined && source.digest === undefined) {
      throw refuse("srcRef", "has neither a tag nor a digest");
    }
    if (destination.digest !== undefined) {
      throw refuse("destRef", "has a digest, which cannot be chosen: it follows from the content");
    }
    if (destination.tag === undefined) throw refuse("destRef", "has no tag");
  },
  async run(config, { effects, dryRun, signal }) {
    const outcome = await effects.push(config as unknown as PushConfig, { dryRun, signal });
    const { image, digest, tag, plan, summary } = outcome;
    return { output: { image, digest, tag }, plan, summary };
  },
};

function readReference(text: string, place: Place): Reference {
  try {
    return parseReference(text);
  } catch (cause) {
    if (!(cause instanceof OciPushError)) throw cause;
    throw place.error(cause.message, { code: cause.code, hint: cause.hint });
  }
}
