/**
 * The functions of the language.
 *
 * @module
 */

import { asText, type LanguageFunction } from "./_function.ts";
import { FREIGHT_FUNCTIONS } from "./functions_freight.ts";
import { TEXT_FUNCTIONS } from "./functions_text.ts";
import { Nil, toText } from "./value.ts";
import { diffVersions, parseVersion } from "./version.ts";

/** Every function by its name. */
export const FUNCTIONS: ReadonlyMap<string, LanguageFunction> = new Map<string, LanguageFunction>([
  ...Object.entries(FREIGHT_FUNCTIONS),
  ...Object.entries(TEXT_FUNCTIONS),
  ["quote", {
    takes: [1, 1],
    usage: "quote(value)",
    call: ([value = new Nil()]) => JSON.stringify(toText(value)),
  }],
  ["semverParse", {
    takes: [1, 1],
    usage: "semverParse(version)",
    call: ([version]) => parseVersion(asText(version, "semverParse()")),
  }],
  ["semverDiff", {
    takes: [2, 2],
    usage: "semverDiff(version, version)",
    call: ([a, b]) => diffVersions(asText(a, "semverDiff()"), asText(b, "semverDiff()")),
  }],
  ["always", { takes: [0, 0], usage: "always()", call: () => true }],
  ["success", {
    takes: [0, 0],
    usage: "success()",
    call: (_, { steps }) => !steps.hasFailed(),
  }],
  ["failure", {
    takes: [0, 0],
    usage: "failure()",
    call: (_, { steps }) => steps.hasFailed(),
  }],
  ["status", {
    takes: [1, 1],
    usage: 'status("alias")',
    call: ([alias], { steps }) => steps.status(asText(alias, "status()")),
  }],
]);
