/**
 * Looking artifacts up in the freight.
 *
 * @module
 */

import type { ChartFilter, FreightView } from "./expressions/scope.ts";
import { listed } from "./expressions/refusal.ts";
import type { Freight, FreightChart, FreightCommit, FreightImage } from "./freight.ts";
import { normalizeGitUrl } from "./git_url.ts";

/** All the freight of a promotion, as functions and steps look at it. */
export class FreightSet implements FreightView {
  readonly #freights: readonly Freight[];

  /**
   * Makes freight ready to be looked into.
   *
   * @param freights The freight, the target first.
   */
  constructor(freights: readonly Freight[]) {
    this.#freights = freights;
  }

  /** Every image, in order. */
  allImages(): FreightImage[] {
    return this.#freights.flatMap(({ images }) => images);
  }

  /** Images whose repository is exactly this one. */
  images(repoURL: string, origin?: string): FreightImage[] {
    return this.#find("images", origin, (image) => image.repoURL === repoURL);
  }

  /** Charts whose repository is exactly this one, and whose name, where one is asked for. */
  charts(repoURL: string, options: ChartFilter = {}): FreightChart[] {
    const { name, origin } = options;
    return this.#find(
      "charts",
      origin,
      (chart) => chart.repoURL === repoURL && (name === undefined || (chart.name ?? "") === name),
    );
  }

  /** Commits of a repository, however its URL is written. */
  commits(repoURL: string, origin?: string): FreightCommit[] {
    const wanted = normalizeGitUrl(repoURL);
    return this.#find("commits", origin, (commit) => normalizeGitUrl(commit.repoURL) === wanted);
  }

  /** Everything there is, in a line. */
  describe(): string {
    if (this.#freights.length === 0) return "no freight: none was given";
    return this.#freights.map(({ name, images, charts, commits }) => {
      const parts = Object.entries({ images, charts, commits })
        .filter(([, artifacts]) => artifacts.length > 0)
        .map(([kind, artifacts]) => `${kind} ${listed(artifacts.map(({ repoURL }) => repoURL))}`);
      return `freight${name === undefined ? "" : ` ${name}`}: ${parts.join("; ") || "empty"}`;
    }).join("; ");
  }

  /** What is written twice in one freight is one artifact; in two freights it is two. */
  #find<K extends "images" | "charts" | "commits">(
    kind: K,
    origin: string | undefined,
    isMeant: (artifact: Freight[K][number]) => boolean,
  ): Freight[K][number][] {
    return this.#freights.flatMap((freight) => {
      const artifacts: Freight[K][number][] = freight[kind];
      const found = artifacts.filter((artifact) =>
        isMeant(artifact) &&
        (origin === undefined || (artifact.origin ?? freight.origin) === origin)
      );
      const seen = new Set<string>();
      return found.filter((artifact) => {
        const key = JSON.stringify(artifact);
        return !seen.has(key) && seen.add(key);
      });
    });
  }
}
