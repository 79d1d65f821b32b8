/**
 * A name and a password with every request.
 *
 * @module
 */

import { formatChallenge } from "../oci/challenge.ts";
import { refuse } from "./answers.ts";
import type { BasicAuth } from "./auth.ts";
import { isPasswordOf, parseAuthorization } from "./credentials.ts";
import { isAllowed } from "./gate.ts";
import type { Scheme } from "./scheme.ts";

/**
 * Makes the scheme of RFC 7617.
 *
 * @param auth Who has which password, and may do what.
 * @returns The scheme.
 */
export function createBasicScheme(auth: BasicAuth): Scheme {
  const challenge = formatChallenge({
    scheme: "Basic",
    parameters: { realm: auth.realm ?? "oci-push" },
  });
  return {
    identify(request) {
      const claim = parseAuthorization(request.headers.get("authorization"));
      if (claim.kind !== "none" && !isPasswordOf(auth, claim)) return undefined;
      const user = claim.kind === "basic" ? claim.user : undefined;
      return {
        user,
        holds: (repository, action) => isAllowed(auth, { user, repository, action }),
      };
    },
    challenge: () =>
      refuse(401, {
        code: "UNAUTHORIZED",
        message: "a user name and its password are needed",
        headers: { "www-authenticate": challenge },
      }),
  };
}
