/**
 * The steps' effects by the copy engine: a promotion pushes with the very code of `oci-push copy`.
 *
 * @module
 */

import { ociPush, planCopy } from "../copy.ts";
import type { CopyOptions } from "../copy_request.ts";
import type { Effects } from "./steps/step_definition.ts";

/**
 * Makes effects that copy for real.
 *
 * @param options How registries are reached and bytes moved.
 * @returns Effects for {@linkcode promote}.
 */
export function createCopyEffects(options: CopyOptions = {}): Effects {
  return {
    async push(config, { dryRun, signal }) {
      const how = { ...options, signal };
      if (dryRun) {
        const plan = await planCopy(config, how);
        const { text: image, tag } = plan.destination;
        return { image, tag, digest: plan.root, plan, summary: `would be: ${plan.mode}` };
      }
      const { image, digest, tag, status } = await ociPush(config, how);
      return { image, digest, tag, summary: status };
    },
  };
}
