/**
 * Certificates that docker and podman keep per registry: authorities to trust, and who we are.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";

/** What a registry's folder holds, as PEM. */
export interface Certificates {
  /** More certificate authorities. */
  caCerts?: string[];
  /** A client certificate and its key. */
  clientCert?: { cert: string; key: string };
}

/** Options of {@linkcode findCertificates}. */
export interface FindCertificatesOptions {
  /** Folders that hold a folder per host; the first that has one for the host counts. */
  folders?: string[];
}

/**
 * Reads `HOST/` in docker's `certs.d`: every `*.crt` is an authority, `NAME.cert` and `NAME.key`
 * are a client certificate.
 *
 * Docker looks in `/etc/docker/certs.d`, its rootless form in `~/.config/docker/certs.d`, podman in
 * `/etc/containers/certs.d` and `~/.config/containers/certs.d`.
 *
 * @example
 * ```ts
 * const found = await findCertificates("registry.example.com", { folders: ["/nowhere"] });
 * console.assert(found.caCerts === undefined);
 * ```
 * @param host Host and port as named in the reference.
 * @param options Where to look, instead of those places.
 * @returns What is there; nothing where no folder is, or may not be read.
 * @throws {OciPushError} `FILE` for a client certificate without its key, or the other way round.
 */
export async function findCertificates(
  host: string,
  options: FindCertificatesOptions = {},
): Promise<Certificates> {
  for (const parent of options.folders ?? defaultFolders()) {
    const folder = `${parent}/${host}`;
    const names = listFolder(folder);
    if (names.length > 0) return await readFolder(folder, names);
  }
  return {};
}

async function readFolder(folder: string, names: string[]): Promise<Certificates> {
  const read = (name: string) => Deno.readTextFile(`${folder}/${name}`);
  const caCerts = await Promise.all(names.filter((name) => name.endsWith(".crt")).map(read));
  const certificates: Certificates = caCerts.length > 0 ? { caCerts } : {};
  const cert = names.find((name) => name.endsWith(".cert"));
  const key = names.find((name) => name.endsWith(".key"));
  if (!cert && !key) return certificates;
  const wanted = cert ? cert.replace(/\.cert$/, ".key") : key!.replace(/\.key$/, ".cert");
  if (!names.includes(wanted)) {
    throw new OciPushError(
      "FILE",
      `cannot use ${folder}/${cert ?? key}: ${wanted} is missing beside it`,
      { terminal: true, file: `${folder}/${wanted}` },
    );
  }
  const [certName, keyName] = cert ? [cert, wanted] : [wanted, key!];
  return { ...certificates, clientCert: { cert: await read(certName), key: await read(keyName) } };
}

/** At once: the first request waits for it, and that a folder is not there takes no thread to see. */
function listFolder(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch (error) {
    // Without the permission there is nothing to find, as without the folder.
    if (isAbsence(error)) return [];
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.PermissionDenied;
}

function defaultFolders(): string[] {
  const config = environment("XDG_CONFIG_HOME") ??
    (environment("HOME") && `${environment("HOME")}/.config`);
  const roots = config ? ["/etc", config] : ["/etc"];
  return ["docker", "containers"].flatMap((tool) => roots.map((root) => `${root}/${tool}/certs.d`));
}

function environment(name: string): string | undefined {
  try {
    return Deno.env.get(name) || undefined;
  } catch {
    return undefined; // no permission: the same as not set
  }
}
