/**
 * The host that login and logout are about.
 *
 * @module
 */

import { parseReference } from "../oci/reference.ts";
import { OciPushError } from "../oci/error.ts";
import { usageError } from "./usage_error.ts";

/**
 * Reads the one name that login and logout take.
 *
 * @param names The names of a command line.
 * @param action What is to be done, for the message.
 * @returns Host and port, normalised as in references.
 * @throws {OciPushError} `INVALID_ARGUMENT` for anything else than one host.
 */
export function readHost(
  names: readonly string[],
  action: "log in to" | "log out of",
): string {
  const [typed, ...rest] = names;
  const hint = "name one host, e.g. registry.example.com or localhost:5000";
  if (typed === undefined) throw usageError(`cannot ${action} a registry: none is named`, hint);
  const refuse = () => usageError(`cannot ${action} "${names.join(" ")}": that is no host`, hint);
  const host = typed.replace(/^https?:\/\//, "").replace(/\/(v[12]\/?)?$/, "").toLowerCase();
  if (rest.length > 0 || host.includes("/")) throw refuse();
  if (["docker.io", "index.docker.io", "registry-1.docker.io"].includes(host)) return "docker.io";
  try {
    // A host without a dot or a port is none for references either: they take it for a path.
    const { registry } = parseReference(`${host}/x:x`);
    if (registry === host) return host;
  } catch (error) {
    if (!(error instanceof OciPushError)) throw error;
  }
  throw refuse();
}
