/**
 * A certificate authority and a certificate for the registries on this machine.
 *
 * @module
 */

import { succeed } from "./tools.ts";

/** Paths and texts of certificates that live as long as this does. */
export interface Certificates extends AsyncDisposable {
  /** The authority, PEM. */
  ca: string;
  /** Where it is. */
  caFile: string;
  /** Paths of the registries' certificate and its key. */
  server: { certificate: string; key: string };
}

/** Makes them with openssl; disposing removes them. */
export async function createCertificates(): Promise<Certificates> {
  const folder = await Deno.makeTempDir();
  const openssl = (args: string[]) => succeed("openssl", args, { cwd: folder });
  const key = ["-newkey", "rsa:2048", "-nodes", "-days", "2"];
  await openssl([
    "req",
    "-x509",
    ...key,
    "-keyout",
    "ca.key",
    "-out",
    "ca.crt",
    "-subj",
    "/CN=test",
  ]);
  await openssl([
    "req",
    ...key.slice(0, 3),
    "-keyout",
    "key",
    "-out",
    "csr",
    "-subj",
    "/CN=localhost",
  ]);
  await Deno.writeTextFile(`${folder}/names`, "subjectAltName=IP:127.0.0.1,DNS:localhost");
  const sign = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
  await openssl(["x509", "-req", "-in", "csr", ...sign, "-extfile", "names", "-out", "crt"]);
  return {
    ca: await Deno.readTextFile(`${folder}/ca.crt`),
    caFile: `${folder}/ca.crt`,
    server: { certificate: `${folder}/crt`, key: `${folder}/key` },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
