/**
 * Who comes in, and what for: the same questions whatever the kind of authentication.
 *
 * @module
 */

import { refuse } from "./answers.ts";
import type { Action, AuthBase, BasicAuth, BearerAuth } from "./auth.ts";
import { createBasicScheme } from "./basic_scheme.ts";
import { createBearerScheme } from "./bearer_scheme.ts";
import type { KnownScope, Scheme, Wanted } from "./scheme.ts";

/** Somebody who was let in. */
export interface Visitor {
  /** Tells whether something is allowed that was not among the needs. */
  may(repository: string, action: Action): boolean;
  /** True where a rule tells one repository from another. */
  isConfined: boolean;
}

/** Lets requests in, or answers them itself. */
export interface Gate {
  /** Answers requests that are not for the registry but for its token server. */
  answer(request: Request, url: URL): Promise<Response> | undefined;
  /** Lets a request in, or refuses it. */
  admit(request: Request, wanted: Wanted): Visitor | Response;
}

/**
 * Makes the gate of a registry.
 *
 * @param auth Who may do what.
 * @returns A gate that stands open without it.
 */
export function createGate(auth?: BasicAuth | BearerAuth): Gate {
  if (!auth) {
    return { answer: () => undefined, admit: () => ({ may: () => true, isConfined: false }) };
  }
  const scheme = auth.type === "basic" ? createBasicScheme(auth) : createBearerScheme(auth);
  return {
    answer: (request, url) => scheme.answer?.(request, url),
    admit: (request, wanted) => admit({ auth, scheme, request, wanted }),
  };
}

/**
 * Tells whether the rules allow something.
 *
 * @param auth The rules.
 * @param options Who wants to do what, and where; the name is undefined for the nameless.
 * @returns True when it is allowed.
 */
export function isAllowed(
  { allow, anonymousPull = false }: AuthBase,
  options: { user: string | undefined; repository: string; action: Action },
): boolean {
  const { user, repository, action } = options;
  if (user === undefined && !(anonymousPull && action === "pull")) return false;
  return allow?.(user, repository, action) ?? true;
}

function admit(
  options: { auth: AuthBase; scheme: Scheme; request: Request; wanted: Wanted },
): Visitor | Response {
  const { auth, scheme, request, wanted } = options;
  // Clients learn the scheme from the version's answer, so nobody gets there without credentials.
  const isFirstContact = wanted.needs.length === 0 && !request.headers.has("authorization");
  const guest = isFirstContact ? undefined : scheme.identify(request);
  if (!guest) return scheme.challenge(request, wanted);
  const { user, holds } = guest;
  const isForbidden = someAction((repository, action) =>
    !isAllowed(auth, { user, repository, action })
  );
  const isLacking = someAction((repository, action) => !holds(repository, action));
  if (wanted.needs.some(isForbidden)) {
    return user === undefined
      ? scheme.challenge(request, wanted)
      : refuse(403, { code: "DENIED", message: "the user may not do this here" });
  }
  // A wish that would be granted is worth asking for; one that would not is done without.
  const wishes = wanted.wishes.filter((scope) => !isForbidden(scope));
  if ([...wanted.needs, ...wishes].some(isLacking)) return scheme.challenge(request, wanted);
  return { may: holds, isConfined: auth.allow !== undefined };
}

function someAction(
  test: (repository: string, action: Action) => boolean,
): (scope: KnownScope) => boolean {
  return ({ name, actions }) => actions.some((action) => test(name, action));
}
