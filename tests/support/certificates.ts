/**
 * A certificate authority, and good and bad certificates for servers on this machine.
 *
 * @module
 */

import { succeed } from "./tools.ts";

/** A certificate and its key, PEM. */
export interface CertificatePair {
  cert: string;
  key: string;
}

/** Options of {@linkcode Certificates.issue}. */
export interface IssueOptions {
  /** What it is for, as openssl writes it. @default {"IP:127.0.0.1,DNS:localhost"} */
  names?: string;
  /** From when on, in days from now. @default {0} */
  from?: number;
  /** How long, in days. @default {2} */
  days?: number;
  /** Signed by itself, not by the authority. @default {false} */
  selfSigned?: boolean;
}

/** Paths and texts of certificates that live as long as this does. */
export interface Certificates extends AsyncDisposable {
  /** The authority, PEM. */
  ca: string;
  /** Where it is. */
  caFile: string;
  /** Paths of the registries' certificate and its key. */
  server: { certificate: string; key: string };
  /** Makes another one. */
  issue(options?: IssueOptions): Promise<CertificatePair>;
}

const DAY = 24 * 60 * 60 * 1000;

/** Makes them with openssl; disposing removes them. */
export async function createCertificates(): Promise<Certificates> {
  const folder = await Deno.makeTempDir();
  const openssl = (args: string[]) => succeed("openssl", args, { cwd: folder });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const authority = ["-keyout", "ca.key", "-out", "ca.crt", "-days", "9", "-subj", "/CN=authority"];
  await openssl(["req", "-x509", ...newKey, ...authority]);
  await Deno.writeTextFile(`${folder}/serial`, "01");
  await Deno.writeTextFile(`${folder}/index`, "");
  let count = 0;

  async function issue(options: IssueOptions = {}): Promise<CertificatePair> {
    const { names = "IP:127.0.0.1,DNS:localhost", from = 0, days = 2, selfSigned = false } =
      options;
    const [key, request, certificate] = ["key", "csr", "crt"].map((end) => `${count}.${end}`) as [
      string,
      string,
      string,
    ];
    await Deno.writeTextFile(`${folder}/${count}.cnf`, configuration(names, selfSigned));
    const subject = ["-subj", `/CN=server ${count}`];
    await openssl(["req", ...newKey, "-keyout", key, "-out", request, ...subject]);
    const begin = Date.now() + from * DAY;
    await openssl([
      "ca",
      ...["-batch", "-notext", "-config", `${count}.cnf`, "-in", request, "-out", certificate],
      ...["-startdate", date(begin), "-enddate", date(begin + days * DAY)],
      ...(selfSigned ? ["-selfsign", "-keyfile", key] : ["-cert", "ca.crt", "-keyfile", "ca.key"]),
    ]);
    count++;
    const read = (name: string) => Deno.readTextFile(`${folder}/${name}`);
    return { cert: await read(certificate), key: await read(key) };
  }

  await issue();

  return {
    ca: await Deno.readTextFile(`${folder}/ca.crt`),
    caFile: `${folder}/ca.crt`,
    server: { certificate: `${folder}/0.crt`, key: `${folder}/0.key` },
    issue,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** What `openssl ca` needs: unlike `openssl x509` it takes dates, also past ones. */
function configuration(names: string, selfSigned: boolean): string {
  return [
    "[ca]\ndefault_ca = here",
    "[here]\ndir = .\ndatabase = index\nserial = serial\nnew_certs_dir = .",
    "default_md = sha256\npolicy = any\nx509_extensions = leaf\nunique_subject = no",
    "[any]\ncommonName = supplied",
    `[leaf]\nsubjectAltName = ${names}\nbasicConstraints = CA:${selfSigned ? "TRUE" : "FALSE"}`,
  ].join("\n");
}

/** As ASN.1 writes it: `20260131235959Z`. */
function date(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/\D/g, "")}Z`;
}
