/**
 * Whether a registry takes a user and password.
 *
 * @module
 */

import type { CopyOptions } from "../copy_request.ts";
import { findCertificates } from "../credentials/certificates.ts";
import { formatEndpoint } from "../oci/endpoint.ts";
import { OciPushError } from "../oci/error.ts";
import { createAuthorizer } from "../registry/authorizer.ts";
import { connect } from "../registry/connect.ts";
import { describeNetworkError } from "../registry/network_error.ts";
import { Exhausted } from "../registry/with_retry.ts";

/** What is to be checked, and how the registry is reached. */
export interface CheckCredentialOptions {
  /** The user. */
  username: string;
  /** The password. */
  password: string;
  /** How registries are reached. */
  options: CopyOptions;
  /** Ends the check. */
  signal: AbortSignal;
}

/**
 * Asks the registry's base address with the credential: the one check that stores nothing wrong.
 *
 * Follows distribution-spec 1.1, "Determining Support" (end-1).
 *
 * @param registry Host and port.
 * @param check The credential.
 * @throws {OciPushError} `UNAUTHORIZED` where it is refused, and whatever hinders the question.
 */
export async function checkCredential(
  registry: string,
  check: CheckCredentialOptions,
): Promise<void> {
  const { username, password, options, signal } = check;
  const { caCerts = [], ...found } = await findCertificates(registry);
  const certificates = [...caCerts, ...options.destination?.caCerts ?? []];
  const endpoint = options.endpoints?.[registry];
  const settings = {
    registry,
    ...(endpoint !== undefined && { endpoint }),
    ...found,
    ...options.destination,
    ...(certificates.length > 0 && { caCerts: certificates }),
  };
  using bare = connect(settings);
  const authorizer = createAuthorizer({
    registry,
    ...(endpoint !== undefined && { endpoint }),
    scopes: [],
    credential: () => Promise.resolve({ username, password, origin: "what was typed" }),
    send: bare.send,
  });
  using connection = connect(settings, { authorizer });
  const prefix = connection.base.pathname.replace(/\/+$/, "");
  const url = new URL(`${prefix}${formatEndpoint({ kind: "version" })}`, connection.base);
  let response: Response;
  try {
    response = await connection.send(url, { signal });
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Exhausted ? error.cause : error;
    throw describeNetworkError(cause, { action: `cannot log in to ${registry}`, registry });
  }
  await response.body?.cancel();
  if (response.status === 200) return;
  throw new OciPushError(
    response.status === 401 ? "UNAUTHORIZED" : "REGISTRY_BROKEN",
    `cannot log in to ${registry}: ` +
      (response.status === 401
        ? `password refused for user "${username}"`
        : "it does not answer as a registry does") +
      ` (${response.status})`,
    { terminal: response.status < 500, registry, status: response.status },
  );
}
