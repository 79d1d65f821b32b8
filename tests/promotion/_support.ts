/** What the tests of promotions share: freight, scripted effects, a clock that is moved by hand. */

import { OciPushError } from "../../lib/oci/error.ts";
import type { Clock } from "../../lib/promotion/attempt.ts";
import type { PromotionEvent } from "../../lib/promotion/event.ts";
import type { Freight } from "../../lib/promotion/freight.ts";
import type {
  Effects,
  PushConfig,
  PushOptions,
  PushOutcome,
} from "../../lib/promotion/steps/step_definition.ts";

export const APP = "registry.example.com/app";
export const DIGEST = `sha256:${"a1".repeat(32)}`;
export const OTHER_DIGEST = `sha256:${"b2".repeat(32)}`;

/** Freight with one artifact of each kind, and an image whose tag looks like a number. */
export function freightOf(changes: Partial<Freight> = {}): Freight {
  return {
    name: "f1",
    alias: "sleepy-otter",
    origin: "main",
    images: [
      { repoURL: APP, tag: "v1.2.3", digest: DIGEST, annotations: { "a/b": "c" } },
      { repoURL: "registry.example.com/num", tag: "1.20", digest: OTHER_DIGEST },
    ],
    charts: [
      { repoURL: "oci://registry.example.com/charts/web", version: "0.3.1+b7" },
      { repoURL: "https://charts.example.com", name: "db", version: "2.0.0" },
      { repoURL: "https://charts.example.com", name: "cache", version: "3.0.0" },
    ],
    commits: [{
      repoURL: "https://github.com/Example/App.git",
      id: "6dcb09b",
      message: 'fix: "it"',
    }],
    ...changes,
  };
}

/** An answer of a scripted push: an outcome, a failure, or a function of the call. */
export type Answer =
  | Partial<PushOutcome>
  | OciPushError
  | ((config: PushConfig, options: PushOptions) => Promise<PushOutcome>);

/** Effects that give scripted answers, and fail the test when asked once more. */
export function scripted(answers: Answer[] = []) {
  const calls: (PushConfig & { dryRun: boolean })[] = [];
  const left = [...answers];
  const effects: Effects = {
    async push(config, options) {
      calls.push({ ...config, dryRun: options.dryRun });
      const answer = left.shift();
      if (answer === undefined) throw new Error(`nothing was scripted for ${config.destRef}`);
      if (answer instanceof OciPushError) throw answer;
      if (typeof answer === "function") return await answer(config, options);
      const image = config.destRef.replace("oci://", "");
      return { image, digest: DIGEST, tag: image.split(":").at(-1) ?? "", ...answer };
    },
  };
  return { effects, calls, left };
}

/**
 * A clock that moves only by what is waited. A wait of `deadline` milliseconds is a time limit: it
 * does not move the clock, and fires when other waits pass it or when `expire` is called.
 */
export function fakeClock({ deadline }: { deadline?: number } = {}) {
  let time = 0;
  const waits: number[] = [];
  let limit: { at: number; fire: () => void } | undefined;
  const clock: Clock = {
    now: () => time,
    random: () => 1,
    wait(ms, { signal }) {
      signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        if (ms === deadline) {
          limit = { at: time + ms, fire: resolve };
        } else if (limit && limit.at < time + ms) {
          waits.push(ms);
          expire();
        } else {
          waits.push(ms);
          time += ms;
          resolve();
        }
      });
    },
  };
  function expire(): void {
    time = limit?.at ?? time;
    limit?.fire();
  }
  return { ...clock, waits, expire };
}

/** Failures as a registry makes them. */
export const FAILURES = {
  final: new OciPushError("DENIED", "cannot push: denied", { terminal: true }),
  passing: new OciPushError("UNAVAILABLE", "cannot push: 503", { terminal: false }),
  patient: new OciPushError("RATE_LIMITED", "cannot push: 429", {
    terminal: false,
    retryAfter: 90,
  }),
};

/** Collects events as short lines. */
export function recorder() {
  const lines: string[] = [];
  const onEvent = (event: PromotionEvent) => {
    if (event.type === "step-start") lines.push(`start ${event.alias} (${event.uses})`);
    else if (event.type === "step-retry") lines.push(`retry ${event.alias} in ${event.wait} ms`);
    else lines.push(`end ${event.result.alias}: ${event.result.status} after ${event.elapsed} ms`);
  };
  return { lines, onEvent };
}
