/**
 * The promotion document: which steps there are, checked before anything runs.
 *
 * @module
 */

import { defined } from "./_defined.ts";
import { listed } from "./expressions/refusal.ts";
import { Place } from "./place.ts";
import { conform, isRecord, type ObjectSchema, type Schema } from "./schema.ts";
import { assignAliases, readStep, type Step, STEP_SCHEMA } from "./step.ts";
import { readVariables, type Variable, VARIABLES } from "./variables.ts";
import { itemsOf, readYaml, type YamlDocument } from "./yaml.ts";

/** What is to be done. */
export interface PromotionDocument {
  /** The steps in order. */
  steps: Step[];
  /** What the document says of its surroundings, where nobody else does. */
  context: DocumentContext;
}

/** What a document says of its surroundings. */
export interface DocumentContext {
  /** The project: the namespace of a Stage. */
  project?: string;
  /** The stage: the name of a Stage. */
  stage?: string;
  /** The promotion: the name of a Promotion. */
  promotion?: string;
}

/** Options of {@linkcode readDocument}. */
export interface ReadDocumentOptions {
  /** The file's name, for errors. */
  file?: string | undefined;
  /** Which Stage is meant, where a file has several. */
  stage?: string | undefined;
}

/** Steps at some place of a file, before they are read. */
interface Candidate {
  kind: string;
  name?: string | undefined;
  context: DocumentContext;
  /** Variables that surround those beside the steps. */
  outer?: { data: unknown; place: Place };
  data: Record<string, unknown>;
  place: Place;
}

const STEPS: Schema = { type: "list", of: STEP_SCHEMA, required: true };
const BARE: ObjectSchema = { type: "object", fields: { vars: VARIABLES, steps: STEPS } };

/**
 * Reads a promotion document.
 *
 * It may be a list of steps, a record with `steps` and `vars`, or a Stage, PromotionTemplate or
 * Promotion as `kubectl get -o yaml` prints it, alone, in a List, or among other documents. Several
 * bare ones run one after the other; of several Stages, `stage` chooses one.
 *
 * @param input The text of a YAML or JSON file, or its data.
 * @param options The file's name and the stage that is meant.
 * @returns The steps; configs and conditions are still templates.
 * @throws {OciPushError} `INVALID_DOCUMENT`, naming file, line and path.
 */
export async function readDocument(
  input: unknown,
  options: ReadDocumentOptions = {},
): Promise<PromotionDocument> {
  const { file, stage } = options;
  const top = new Place({ file });
  const documents = typeof input === "string"
    ? await readYaml(input, options)
    : [{ data: input, place: top }];
  const items = documents.flatMap(itemsOf);
  const candidates = items.flatMap(candidate);
  const chosen = choose(candidates, { stage, top, kinds: items.map(({ data }) => kindOf(data)) });

  const steps = chosen.flatMap(readCandidate);
  if (steps.length === 0) throw (chosen[0]?.place ?? top).error("there are no steps in it");
  assignAliases(steps);
  return { steps, context: chosen[0]?.context ?? {} };
}

/** Finds the steps by where they are rather than by `kind`: pasted fragments have none. */
function candidate({ data, place }: YamlDocument): Candidate[] {
  if (Array.isArray(data)) {
    return [{ kind: "", context: {}, data: { steps: data }, place: aboveList(place) }];
  }
  if (!isRecord(data)) throw place.error("a map with steps is wanted");
  const kind = kindOf(data);
  if (kind === "" && !("spec" in data) && !("promotionTemplate" in data)) {
    return [{ kind, context: {}, data, place }];
  }
  if (kind.endsWith("PromotionTask")) return [];
  const { metadata, spec } = data;
  const name = textOf(metadata, "name");
  const project = textOf(metadata, "namespace");
  const stage = kind === "Stage" ? name : textOf(spec, "stage");
  const promotion = kind === "Promotion" ? name : undefined;
  const found = descend(data, place);
  if (!found) return [];
  return [{
    kind,
    context: defined({ project, stage, promotion }),
    name,
    ...found,
  }];
}

/** Goes down through `spec` and `promotionTemplate` to the record that holds `steps`. */
function descend(
  data: Record<string, unknown>,
  place: Place,
): Pick<Candidate, "data" | "place" | "outer"> | undefined {
  const { promotionTemplate, spec, vars } = data;
  if ("steps" in data) return { data, place };
  for (const [key, inner] of Object.entries({ promotionTemplate, spec })) {
    const found = isRecord(inner) ? descend(inner, place.at(key)) : undefined;
    if (!found) continue;
    // A Stage's own variables surround those of its template.
    return vars === undefined || vars === null
      ? found
      : { ...found, outer: { data: vars, place: place.at("vars") } };
  }
  return undefined;
}

function choose(
  candidates: Candidate[],
  options: { stage: string | undefined; top: Place; kinds: string[] },
): Candidate[] {
  const { stage, top, kinds } = options;
  const [only, second] = candidates;
  if (!only) {
    const what = kinds.length === 0 ? "it is empty" : `it holds ${listed(new Set(kinds))}`;
    throw top.error(`there are no promotion steps in it, ${what}`, {
      hint: 'write a list under "steps:", or give a Stage with a promotionTemplate',
    });
  }
  if (!second || candidates.every(({ kind }) => kind === "")) return candidates;
  const meant = candidates.filter(({ name }) => name !== undefined && name === stage);
  if (meant.length === 1) return meant;
  const names = candidates.map(({ kind, name }) => `${kind || "bare steps"} ${name ?? ""}`.trim());
  throw top.error(`it holds ${candidates.length} promotions: ${listed(names)}`, {
    hint: "name the Stage with --stage, or keep one in the file",
  });
}

function readCandidate({ data, place, outer, kind }: Candidate): Step[] {
  // A Promotion carries its stage and freight beside the steps.
  const schema: ObjectSchema = { ...BARE, isOpen: kind === "Promotion" };
  const { steps, vars } = conform(data, schema, { place }) as { steps: unknown[]; vars?: unknown };
  const variables: Variable[] = [
    ...outer ? readVariables(conform(outer.data, VARIABLES, outer), outer.place) : [],
    ...readVariables(vars, place.at("vars")),
  ];
  return steps.map((step, index) =>
    readStep(step, { place: place.at("steps").at(index), variables })
  );
}

/** A bare list is spoken of as `steps[0]` too, though its text has no such key. */
function aboveList({ source }: Place): Place {
  const { lineOf, wordOf } = source;
  return new Place({
    ...source,
    ...(lineOf && { lineOf: (path) => lineOf(path.slice(1)) }),
    ...(wordOf && { wordOf: (path) => wordOf(path.slice(1)) }),
  });
}

function kindOf(data: unknown): string {
  return textOf(data, "kind") ?? "";
}

function textOf(data: unknown, key: string): string | undefined {
  const value = isRecord(data) ? data[key] : undefined;
  return typeof value === "string" ? value : undefined;
}
