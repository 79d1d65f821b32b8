import { assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { findCertificates } from "../../lib/credentials/certificates.ts";
import { OciPushError } from "../../lib/oci/error.ts";

const cases: { does: string; files: Record<string, string>; found: unknown; says?: string }[] = [
  { does: "nothing where no folder is", files: {}, found: {} },
  {
    does: "every .crt as an authority",
    files: { "reg.test:5000/ca.crt": "A", "reg.test:5000/b.crt": "B" },
    found: { caCerts: ["A", "B"].sort().reverse() },
  },
  {
    does: "a client certificate with its key",
    files: { "reg.test:5000/client.cert": "C", "reg.test:5000/client.key": "K" },
    found: { clientCert: { cert: "C", key: "K" } },
  },
  {
    does: "nothing of another port",
    files: { "reg.test/ca.crt": "A", "reg.test:443/ca.crt": "B" },
    found: {},
  },
  {
    does: "no certificate without its key",
    files: { "reg.test:5000/client.cert": "C" },
    found: undefined,
    says: "client.key is missing",
  },
  {
    does: "no key without its certificate",
    files: { "reg.test:5000/me.key": "K", "reg.test:5000/other.cert": "C" },
    found: undefined,
    says: "other.key is missing",
  },
];
for (const { does, files, found, says } of cases) {
  Deno.test(`findCertificates() takes ${does}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      for (const [name, text] of Object.entries(files)) {
        await Deno.mkdir(`${folder}/${name.split("/")[0]}`, { recursive: true });
        await Deno.writeTextFile(`${folder}/${name}`, text);
      }
      const finding = findCertificates("reg.test:5000", { folders: ["/nowhere", folder] });
      if (says === undefined) return assertEquals(await finding, found as object);
      const error = await assertRejects(() => finding, OciPushError);
      assertEquals(error.code, "FILE");
      assertStringIncludes(error.message, says);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
