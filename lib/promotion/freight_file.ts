/**
 * Reading freight from a file.
 *
 * @module
 */

import { defined } from "./_defined.ts";
import { listed } from "./expressions/refusal.ts";
import type { Freight } from "./freight.ts";
import { Place } from "./place.ts";
import { conform, isRecord, type ObjectSchema, type Schema } from "./schema.ts";
import { itemsOf, readYaml, type ReadYamlOptions } from "./yaml.ts";

const TEXT: Schema = { type: "string" };
const NEEDED: Schema = { type: "string", required: true };
const ORIGIN: Schema = { type: "any" };

const IMAGE: ObjectSchema = {
  type: "object",
  fields: {
    repoURL: NEEDED,
    tag: TEXT,
    digest: TEXT,
    annotations: { type: "map", of: TEXT },
    origin: ORIGIN,
  },
};
const CHART: ObjectSchema = {
  type: "object",
  fields: { repoURL: NEEDED, name: TEXT, version: NEEDED, origin: ORIGIN },
};
const COMMIT: ObjectSchema = {
  type: "object",
  fields: {
    repoURL: NEEDED,
    id: NEEDED,
    branch: TEXT,
    tag: TEXT,
    message: TEXT,
    author: TEXT,
    committer: TEXT,
    origin: ORIGIN,
  },
};

/**
 * Reads the freight of a YAML or JSON file.
 *
 * It may hold Freight as `kubectl get freight -o yaml` prints it, a List of them, or the short
 * form: `name`, `origin`, `images`, `charts`, `commits` and nothing around them.
 *
 * @param text The text of the file.
 * @param options The file's name, for errors.
 * @returns Every Freight in it, in order.
 * @throws {OciPushError} `INVALID_DOCUMENT`, naming file, line and path.
 */
export async function readFreight(text: string, options: ReadYamlOptions = {}): Promise<Freight[]> {
  const documents = await readYaml(text, options);
  const kinds: string[] = [];
  const freights = documents.flatMap(itemsOf).flatMap((item) => {
    const kind = isRecord(item.data) ? item.data.kind ?? "" : "";
    kinds.push(String(kind));
    return kind === "" || kind === "Freight" ? [readOne(item.data, item.place)] : [];
  });
  if (freights.length > 0) return freights;
  const { file } = options;
  const what = kinds.length === 0 ? "it is empty" : `it holds ${listed(new Set(kinds))}`;
  throw new Place({ file }).error(`there is no freight in it, ${what}`, {
    hint:
      "write images: [{ repoURL, tag, digest }], or give what kubectl get freight -o yaml prints",
  });
}

function readOne(data: unknown, place: Place): Freight {
  const isPrinted = isRecord(data) && data.kind === "Freight";
  const freight = conform(data, freightSchema(isPrinted), { place }) as Partial<Freight> & {
    metadata?: { name?: string };
  };
  const { alias, images = [], charts = [], commits = [] } = freight;
  const name = freight.name ?? freight.metadata?.name;
  const list = <T extends { origin?: unknown }>(kind: string, artifacts: T[]) =>
    artifacts.map(({ origin, ...artifact }, index) => ({
      ...artifact,
      ...readOrigin(origin, place.at(kind).at(index).at("origin")),
    }));
  return {
    ...defined({ name, alias }),
    ...readOrigin(freight.origin, place.at("origin")),
    images: list("images", images),
    charts: list("charts", charts),
    commits: list("commits", commits),
  };
}

/** What a cluster prints may grow; what a person writes is checked for slips. */
function freightSchema(isOpen: boolean): ObjectSchema {
  const listOf = (schema: ObjectSchema): Schema => ({ type: "list", of: { ...schema, isOpen } });
  return {
    type: "object",
    isOpen,
    fields: {
      name: TEXT,
      alias: TEXT,
      origin: ORIGIN,
      metadata: { type: "object", isOpen: true, fields: { name: TEXT } },
      images: listOf(IMAGE),
      charts: listOf(CHART),
      commits: listOf(COMMIT),
    },
  };
}

/** `warehouse-name`, or `{ kind: Warehouse, name: warehouse-name }`. */
function readOrigin(origin: unknown, place: Place): { origin?: string } {
  if (origin === undefined) return {};
  if (typeof origin === "string") return { origin };
  const fields = { kind: TEXT, name: NEEDED };
  const { name } = conform(origin, { type: "object", fields }, { place }) as { name: string };
  return { origin: name };
}
