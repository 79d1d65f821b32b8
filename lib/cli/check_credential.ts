/**
 * Whether a registry takes a user and password.
 *
 * @module
 */

import type { CertificateSource } from "../connect_sides.ts";
import { formatEndpoint } from "../oci/endpoint.ts";
import { OciPushError } from "../oci/error.ts";
import { createAuthorizer } from "../registry/authorizer.ts";
import { connect, type RegistrySettings } from "../registry/connect.ts";
import { describeNetworkError } from "../registry/network_error.ts";
import { Exhausted } from "../registry/with_retry.ts";
import type { Transport } from "../registry/transport.ts";

/** What is to be checked, and how the registry is reached. */
export interface CheckCredentialOptions {
  /** The user. */
  username: string;
  /** The password. */
  password: string;
  /** Where the registry is really reached. */
  endpoint?: string | undefined;
  /** Finds certificates of the host. */
  certificates: CertificateSource;
  /** Takes any certificate. */
  insecureSkipTLSVerify: boolean;
  /** Ends the check. */
  signal: AbortSignal;
}

/**
 * Asks the registry's base address with the credential: nothing wrong is ever stored.
 *
 * Follows distribution-spec 1.1, "Determining Support" (end-1).
 *
 * @param registry Host and port.
 * @param options The credential, and how the registry is reached.
 * @returns False where the registry did not ask who we are, so that nothing is known.
 * @throws {OciPushError} `UNAUTHORIZED` where it is refused, and whatever hinders the question.
 */
export async function checkCredential(
  registry: string,
  options: CheckCredentialOptions,
): Promise<boolean> {
  const { username, password, endpoint, certificates, insecureSkipTLSVerify, signal } = options;
  const settings: RegistrySettings = {
    registry,
    ...(endpoint !== undefined && { endpoint }),
    ...await certificates(registry),
    ...(insecureSkipTLSVerify && { insecureSkipTLSVerify }),
  };
  let wasAsked = false;
  using toTokens = connect(settings);
  const authorizer = createAuthorizer({
    registry,
    ...(endpoint !== undefined && { endpoint }),
    scopes: [],
    credential() {
      wasAsked = true;
      return Promise.resolve({ username, password, origin: "what was typed" });
    },
    send: toTokens.send,
  });
  using connection = connect(settings, { authorizer });
  const path = formatEndpoint({ kind: "version" });
  const url = new URL(`${connection.base.pathname.replace(/\/+$/, "")}${path}`, connection.base);
  const { status } = await ask(url, { registry, send: connection.send, signal });
  if (status === 200) return wasAsked;
  const problem = status === 401
    ? `user "${username}" is refused`
    : "it does not answer as a registry does";
  throw new OciPushError(
    status === 401 ? "UNAUTHORIZED" : "REGISTRY_BROKEN",
    `cannot log in to ${registry}: ${problem} (${status})`,
    { terminal: status < 500, registry, status },
  );
}

async function ask(
  url: URL,
  { registry, send, signal }: {
    registry: string;
    send: Transport;
    signal: AbortSignal;
  },
): Promise<Response> {
  try {
    const response = await send(url, { signal });
    await response.body?.cancel();
    return response;
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Exhausted ? error.cause : error;
    throw describeNetworkError(cause, { action: `cannot log in to ${registry}`, registry });
  }
}
