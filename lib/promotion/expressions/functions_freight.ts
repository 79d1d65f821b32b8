/**
 * Functions that look into the freight.
 *
 * @module
 */

import type { FreightChart, FreightCommit, FreightImage } from "../freight.ts";
import { asText, type LanguageFunction } from "./_function.ts";
import { quoted, Refusal } from "./refusal.ts";
import { Entity, fromPlain, Nil, typeOf, type Value } from "./value.ts";

const ORIGIN = "a warehouse";

/** Functions that look into the freight, by name. */
export const FREIGHT_FUNCTIONS: Readonly<Record<string, LanguageFunction>> = {
  imageFrom: {
    takes: [1, 2],
    usage: 'imageFrom("repository", warehouse("name"))',
    call([repository, origin], { freight }) {
      const repoURL = asText(repository, "imageFrom()");
      const found = freight.images(repoURL, originName(origin));
      return only(found.map(imageEntity), { kind: "image", call: "imageFrom", repoURL });
    },
  },
  chartFrom: {
    takes: [1, 3],
    usage: 'chartFrom("repository", "name", warehouse("name"))',
    call([repository, second, third], { freight }) {
      const repoURL = asText(repository, "chartFrom()");
      // The name may be left out, but not before an origin that comes third.
      const isNamed = typeof second === "string" || third !== undefined;
      const name = isNamed ? asText(second, "chartFrom()") : undefined;
      const origin = originName(isNamed ? third : second);
      const found = freight.charts(repoURL, { name, origin });
      return only(found.map(chartEntity), { kind: "chart", call: "chartFrom", repoURL });
    },
  },
  commitFrom: {
    takes: [1, 2],
    usage: 'commitFrom("repository", warehouse("name"))',
    call([repository, origin], { freight }) {
      const repoURL = asText(repository, "commitFrom()");
      const found = freight.commits(repoURL, originName(origin));
      return only(found.map(commitEntity), { kind: "commit", call: "commitFrom", repoURL });
    },
  },
  warehouse: {
    takes: [1, 1],
    usage: 'warehouse("name")',
    call([name]) {
      const fields = { Kind: "Warehouse", Name: asText(name, "warehouse()") };
      return new Entity(ORIGIN, { fields });
    },
  },
};

function originName(origin: Value | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (origin instanceof Entity && origin.kind === ORIGIN) return String(origin.get("Name"));
  throw new Refusal(`the origin has to be warehouse("name"), not ${typeOf(origin)}`);
}

/** One artifact is the answer, none is nil, several are a question back. */
function only(found: Entity[], options: { kind: string; call: string; repoURL: string }): Value {
  const { kind, call, repoURL } = options;
  const [first, second] = found;
  if (second !== undefined) {
    throw new Refusal(
      `the freight has ${found.length} different ${kind}s of ${quoted(repoURL)}`,
      kind === "chart"
        ? `say which: chartFrom(${quoted(repoURL)}, "name", warehouse("name"))`
        : `say which: ${call}(${quoted(repoURL)}, warehouse("name"))`,
    );
  }
  return first ?? new Nil(`the freight has no ${kind} of ${quoted(repoURL)}`);
}

function imageEntity(image: FreightImage): Entity {
  return new Entity("an image", {
    fields: {
      RepoURL: image.repoURL,
      Tag: known(image.tag, { image, field: "tag" }),
      Digest: known(image.digest, { image, field: "digest" }),
      Annotations: fromPlain(image.annotations ?? {}, "the image's annotations"),
    },
  });
}

function chartEntity(chart: FreightChart): Entity {
  return new Entity("a chart", {
    fields: { RepoURL: chart.repoURL, Name: chart.name ?? "", Version: chart.version },
  });
}

function commitEntity(commit: FreightCommit): Entity {
  const of = (field: string, value: string | undefined) =>
    value ?? new Nil(`the freight gives no ${field} for commit ${quoted(commit.id)}`);
  return new Entity("a commit", {
    fields: {
      RepoURL: commit.repoURL,
      ID: commit.id,
      Branch: of("branch", commit.branch),
      Tag: of("tag", commit.tag),
      Message: of("message", commit.message),
      Author: of("author", commit.author),
      Committer: of("committer", commit.committer),
    },
  });
}

function known(value: string | undefined, of: { image: FreightImage; field: string }): Value {
  return value ?? new Nil(`the freight gives no ${of.field} for image ${quoted(of.image.repoURL)}`);
}
