/**
 * Both ends of a copy, connected: each with its own address, certificates, credentials and token.
 *
 * @module
 */

import type { Side } from "./oci/error.ts";
import { isSameRepository, type Reference } from "./oci/reference.ts";
import type { RepositoryScope } from "./oci/challenge.ts";
import { type Authorizer, createAuthorizer } from "./registry/authorizer.ts";
import { connect, type RegistrySettings } from "./registry/connect.ts";
import type { RegistryEvent } from "./registry/event.ts";
import { type SharedTransports, shareTransports } from "./registry/open_transport.ts";
import type { Repository } from "./registry/repository.ts";
import { findCertificates } from "./credentials/certificates.ts";
import type { CredentialSource } from "./credentials/source.ts";

/** Finds the certificates of a host: authorities to trust, and who we are. */
export type CertificateSource = (
  registry: string,
) => Promise<Pick<SideOptions, "caCerts" | "clientCert">>;

/** How a registry is reached, for one side or for both. */
export interface SideOptions {
  /** More certificate authorities, PEM. */
  caCerts?: string[];
  /** A client certificate and its key, PEM. */
  clientCert?: { cert: string; key: string };
  /** Take any certificate. */
  insecureSkipTLSVerify?: boolean;
}

/** Options of {@linkcode connectSides}. */
export interface ConnectSidesOptions {
  /** Where hosts are really reached, by host as named. */
  endpoints?: Readonly<Record<string, string>>;
  /** For the source. */
  source?: SideOptions;
  /** For the destination. */
  destination?: SideOptions;
  /** Who we are; absent: what docker, podman and Helm have stored. */
  credentials?: CredentialSource;
  /** Certificates of a host; absent: what docker and podman keep in `certs.d`. */
  certificates?: CertificateSource;
  /** Tries after the first. */
  retries: number;
  /** The longest silence of a connection, in milliseconds. */
  stallTimeout: number;
  /** Told of requests and waits. */
  onEvent: (event: RegistryEvent) => void;
  /** Ends everything. */
  signal: AbortSignal;
}

/** One end of a copy. */
export interface ConnectedSide {
  /** How it is reached, as plain data. */
  settings: RegistrySettings;
  /** The repository, with the transport that reaches it. */
  repository: Repository;
  /** Who gives out its tokens. */
  authorizer: Authorizer;
}

/** Both ends, to be disposed of. */
export interface ConnectedSides extends Disposable {
  /** What is read. */
  source: ConnectedSide;
  /** What is written. */
  destination: ConnectedSide;
}

/**
 * Connects both ends of a copy; nothing is sent before the first request.
 *
 * The destination's token covers pull on the source where both are in one registry, since a mount
 * needs both in one. Within one repository the ends share everything, so one token does.
 *
 * @param references Where the artifact is, and where it shall be.
 * @param options Addresses, certificates, credentials.
 * @returns Both ends.
 */
export async function connectSides(
  { from, to }: { from: Reference; to: Reference },
  options: ConnectSidesOptions,
): Promise<ConnectedSides> {
  const transports = shareTransports();
  const push: RepositoryScope = { name: to.repository, actions: ["pull", "push"] };
  const pull: RepositoryScope = { name: from.repository, actions: ["pull"] };
  const mounts = from.registry === to.registry && from.repository !== to.repository;

  const credentials = options.credentials ?? storedCredentials();

  const shared = isSameRepository(from, to) && from.helm === to.helm &&
    options.source === options.destination;
  const [destination, other] = await Promise.all([
    connectSide(to, {
      ...options,
      credentials,
      side: "destination",
      scopes: mounts ? [push, pull] : [push],
      ...(mounts && { fallbackScopes: [push] }),
      transports,
    }),
    shared
      ? undefined
      : connectSide(from, { ...options, credentials, side: "source", scopes: [pull], transports }),
  ]);
  const repository = { ...destination.repository, side: "source" as const };
  return {
    source: other ?? { ...destination, repository },
    destination,
    [Symbol.dispose]: () => transports[Symbol.dispose](),
  };
}

/**
 * Connects the source alone, to read.
 *
 * @param from Where the artifact is.
 * @param options Addresses, certificates, credentials.
 * @returns The source, to be disposed of.
 */
export async function connectSource(
  from: Reference,
  options: ConnectSidesOptions,
): Promise<ConnectedSide & Disposable> {
  const transports = shareTransports();
  const source = await connectSide(from, {
    ...options,
    credentials: options.credentials ?? storedCredentials(),
    side: "source",
    scopes: [{ name: from.repository, actions: ["pull"] }],
    transports,
  });
  return { ...source, [Symbol.dispose]: () => transports[Symbol.dispose]() };
}

interface ConnectSideOptions extends ConnectSidesOptions {
  credentials: CredentialSource;
  side: Side;
  scopes: RepositoryScope[];
  fallbackScopes?: RepositoryScope[];
  transports: SharedTransports;
}

async function connectSide(
  reference: Reference,
  options: ConnectSideOptions,
): Promise<ConnectedSide> {
  const { registry, repository, helm } = reference;
  const { side, scopes, fallbackScopes, transports, onEvent, signal } = options;
  const { retries, stallTimeout, credentials } = options;
  const { caCerts = [], ...found } = await (options.certificates ?? findCertificates)(registry);
  const { caCerts: given = [], ...asked } = options[side] ?? {};
  const endpoint = options.endpoints?.[registry];
  const settings: RegistrySettings = {
    registry,
    side,
    ...(endpoint !== undefined && { endpoint }),
    ...found,
    ...asked,
    ...(caCerts.length + given.length > 0 && { caCerts: [...caCerts, ...given] }),
    retries,
    stallTimeout,
  };
  const fetch = transports.open(settings);
  // The token server gets requests without a token: a connection of its own, without an authorizer.
  const toTokens = connect(settings, { fetch, onEvent });
  const authorizer = createAuthorizer({
    registry,
    side,
    ...(endpoint !== undefined && { endpoint }),
    scopes,
    ...(fallbackScopes && { fallbackScopes }),
    credential: () => credentials({ registry, repository, helm, side, signal }),
    send: toTokens.send,
  });
  const connection = connect(settings, { fetch, authorizer, onEvent });
  return { settings, repository: connection.repository(repository), authorizer };
}

/** What other tools have stored, read once and only when a registry asks who we are. */
function storedCredentials(): CredentialSource {
  let chain: Promise<CredentialSource> | undefined;
  return async (query) => {
    chain ??= import("./credentials/chain.ts").then(({ createCredentialChain }) =>
      createCredentialChain()
    );
    return await (await chain)(query);
  };
}
