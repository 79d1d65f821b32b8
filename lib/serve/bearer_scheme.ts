/**
 * A token with every request, given out at `/token`.
 *
 * @module
 */

import { formatChallenge, formatScope } from "../oci/challenge.ts";
import { refuse } from "./answers.ts";
import type { BearerAuth } from "./auth.ts";
import { parseAuthorization } from "./credentials.ts";
import type { Scheme } from "./scheme.ts";
import { createTokenServer } from "./token_server.ts";

const TOKEN_PATH = "/token";

/**
 * Makes the scheme of distribution's token documentation, with a token server of its own.
 *
 * @param auth Who has which password, and may do what.
 * @returns The scheme.
 */
export function createBearerScheme(auth: BearerAuth): Scheme {
  const tokens = createTokenServer(auth);
  return {
    identify(request) {
      const claim = parseAuthorization(request.headers.get("authorization"));
      return claim.kind === "bearer" ? tokens.find(claim.token) : undefined;
    },
    challenge(request, { needs, wishes }) {
      const claim = parseAuthorization(request.headers.get("authorization"));
      const scope = [...needs, ...wishes].map(formatScope).join(" ");
      const parameters: Record<string, string> = {
        realm: auth.realm ?? new URL(TOKEN_PATH, request.url).href,
        service: auth.service ?? "oci-push",
      };
      if (scope !== "") parameters.scope = scope;
      if (claim.kind === "bearer") {
        parameters.error = tokens.find(claim.token) ? "insufficient_scope" : "invalid_token";
      }
      return refuse(401, {
        code: "UNAUTHORIZED",
        message: "a token is needed",
        headers: { "www-authenticate": formatChallenge({ scheme: "Bearer", parameters }) },
      });
    },
    answer: (request, url) => url.pathname === TOKEN_PATH ? tokens.answer(request, url) : undefined,
  };
}
