/**
 * How registries are reached, from the flags that copy, plan and promote share.
 *
 * @module
 */

import type { CertificateSource } from "../connect_sides.ts";
import type { CopyOptions } from "../copy_request.ts";
import { findCertificates } from "../credentials/certificates.ts";
import type { CredentialSource } from "../credentials/source.ts";
import { OciPushError } from "../oci/error.ts";
import type { Values } from "./flag.ts";
import type { BOTH, DESTINATION, SOURCE, TRANSFER } from "./flags.ts";
import { isExposed, readGiven } from "./given_credential.ts";
import type { Io } from "./io.ts";
import { readTextFile } from "./read_file.ts";
import { usageError } from "./usage_error.ts";

/** The flags that say how registries are reached and bytes moved. */
export type ConnectionFlags =
  & typeof SOURCE.flags
  & typeof DESTINATION.flags
  & typeof BOTH.flags
  & typeof TRANSFER.flags;

/**
 * Refuses flags that do not go together.
 *
 * @param values The flags.
 * @throws {OciPushError} `INVALID_ARGUMENT` where stdin would be read twice.
 */
export function checkConnection({ srcCreds, destCreds }: Values<ConnectionFlags>): void {
  if (srcCreds?.text === "-" && destCreds?.text === "-") {
    throw usageError(
      "cannot read the credentials of both sides from stdin",
      "give one of them by OCI_PUSH_SRC_CREDS or OCI_PUSH_DEST_CREDS",
    );
  }
}

/**
 * What the reader should know about the connection before it is made.
 *
 * @param values The flags.
 * @returns A line each.
 */
export function connectionNotes(values: Values<ConnectionFlags>): string[] {
  const notes: string[] = [];
  const { srcCreds, destCreds, insecureSkipTlsVerify } = values;
  if (isExposed(srcCreds) || isExposed(destCreds)) {
    notes.push(
      "others on this machine can see a password on a command line: " +
        "better OCI_PUSH_SRC_CREDS, OCI_PUSH_DEST_CREDS, or - for stdin",
    );
  }
  const unchecked = [
    ...(insecureSkipTlsVerify || values.srcInsecureSkipTlsVerify ? ["the source"] : []),
    ...(insecureSkipTlsVerify || values.destInsecureSkipTlsVerify ? ["the destination"] : []),
  ];
  if (unchecked.length > 0) {
    notes.push(`certificates of ${unchecked.join(" and ")} are not checked`);
  }
  return notes;
}

/**
 * How registries are reached and bytes moved.
 *
 * @param values The flags.
 * @param io Stdin, for a credential that is there.
 * @returns Options of the module.
 * @throws {OciPushError} `FILE` for a certificate file that cannot be used.
 */
export async function connectionOptions(
  values: Values<ConnectionFlags>,
  io: Pick<Io, "input">,
): Promise<CopyOptions> {
  const { endpoint, caFile, verify } = values;
  const { maxArtifactSize, concurrency, workers, retries, stallTimeout } = values;
  return {
    credentials: findCredentials(values, io),
    ...(caFile !== undefined && { certificates: await trustingCertificates(caFile) }),
    ...(endpoint.length > 0 && { endpoints: Object.fromEntries(endpoint) }),
    ...(values.srcInsecureSkipTlsVerify && { source: { insecureSkipTLSVerify: true } }),
    ...(values.destInsecureSkipTlsVerify && { destination: { insecureSkipTLSVerify: true } }),
    ...(values.noOverwrite && { noOverwrite: true }),
    ...(maxArtifactSize !== undefined && { maxArtifactSize }),
    ...(concurrency !== undefined && { concurrency }),
    ...(workers !== undefined && { workers }),
    ...(verify !== undefined && { verify }),
    ...(retries !== undefined && { retries }),
    ...(stallTimeout !== undefined && { stallTimeout }),
  };
}

/**
 * The certificates that are found anyway, and one more authority.
 *
 * @param file A PEM file, if there is one.
 * @returns Certificates by host.
 * @throws {OciPushError} `FILE` for a file that cannot be used.
 */
export async function trustingCertificates(file: string | undefined): Promise<CertificateSource> {
  if (file === undefined) return findCertificates;
  const authority = await readAuthority(file);
  return async (registry) => {
    const { caCerts = [], ...found } = await findCertificates(registry);
    return { ...found, caCerts: [...caCerts, authority] };
  };
}

/** Loaded and read only when a registry asks who we are: many copies never get there. */
function findCredentials(
  { srcCreds, destCreds, secrets }: Values<ConnectionFlags>,
  { input }: Pick<Io, "input">,
): CredentialSource {
  let chain: Promise<CredentialSource> | undefined;
  const open = async () => {
    const { createCredentialChain } = await import("../credentials/chain.ts");
    return createCredentialChain({
      explicit: await readGiven({ source: srcCreds, destination: destCreds }, input),
      ...(secrets.length > 0 && { secrets }),
    });
  };
  return async (query) => await (await (chain ??= open()))(query);
}

async function readAuthority(file: string): Promise<string> {
  const text = await readTextFile(file, `--ca-file ${file}`);
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new OciPushError("FILE", `cannot use --ca-file ${file}: it holds no certificate`, {
    terminal: true,
    file,
    hint: "a PEM file begins with -----BEGIN CERTIFICATE-----",
  });
}
