/**
 * Challenges and scopes: how a registry asks who we are, and what we ask to be allowed.
 *
 * @module
 */

/** One challenge of a `WWW-Authenticate` header. Follows RFC 9110 §11.3. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`, … */
  scheme: string;
  /** Parameter names are in lower case. */
  parameters: Record<string, string>;
}

/** One `repository:NAME:ACTIONS` of distribution's token scope documentation. */
export interface RepositoryScope {
  /** The repository's path. */
  name: string;
  /** e.g. `["pull", "push"]`. */
  actions: string[];
}

/**
 * Reads all challenges of a header, of which one answer may have several.
 *
 * @example
 * ```ts
 * const [bearer] = parseChallenges('Bearer realm="https://auth.test/token",service="r"');
 * console.assert(bearer?.parameters.service === "r");
 * ```
 * @param header The value of `WWW-Authenticate`; several headers joined with commas, as
 * `Headers.get` does.
 * @returns The challenges in order; what cannot be read is left out.
 */
export function parseChallenges(header: string | null): Challenge[] {
  const challenges: Challenge[] = [];
  let rest = header ?? "";
  while (rest !== "") {
    // A name with "=" behind it is a parameter of the challenge before; without, it is a scheme.
    const parameter = /^[\s,]*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/.exec(
      rest,
    );
    const scheme = /^[\s,]*([\w!#$%&'*+.^`|~-]+)/.exec(rest);
    if (parameter && challenges.length > 0) {
      const [whole, name = "", quoted, bare = ""] = parameter;
      challenges.at(-1)!.parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, "$1") ?? bare;
      rest = rest.slice(whole.length);
    } else if (scheme) {
      challenges.push({ scheme: scheme[1]!.toLowerCase(), parameters: Object.create(null) });
      rest = rest.slice(scheme[0].length);
    } else {
      rest = rest.slice(1); // one character of nonsense; what follows may still be readable
    }
  }
  return challenges;
}

/**
 * Writes one challenge, as the embedded registry sends it.
 *
 * @param challenge The scheme, as it should be spelled, and its parameters.
 * @returns A value for `WWW-Authenticate`.
 */
export function formatChallenge({ scheme, parameters }: Challenge): string {
  const list = Object.entries(parameters)
    .map(([name, value]) => `${name}="${value.replace(/["\\]/g, "\\$&")}"`);
  return `${scheme} ${list.join(",")}`;
}

/**
 * Reads a scope parameter, which holds any number of scopes.
 *
 * @param text e.g. `repository:team/app:pull,push repository:team/base:pull`.
 * @returns The repository scopes in order; others (`registry:catalog:*`) are left out.
 */
export function parseScopes(text: string): RepositoryScope[] {
  return text.split(/\s+/).flatMap((part) => {
    const found = /^repository(?:\([^)]*\))?:(.+):([^:]*)$/.exec(part);
    return found ? [{ name: found[1]!, actions: found[2]!.split(",").filter(Boolean) }] : [];
  });
}

/**
 * Writes one scope.
 *
 * @param scope The repository and what is to be done with it.
 * @returns e.g. `repository:team/app:pull,push`.
 */
export function formatScope({ name, actions }: RepositoryScope): string {
  return `repository:${name}:${actions.join(",")}`;
}
