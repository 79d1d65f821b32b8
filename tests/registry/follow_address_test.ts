import { assertEquals } from "../../lib/std/assert.ts";
import { followAddress, followOwnAddress } from "../../lib/registry/follow_address.ts";

const secure = "https://registry.test/v2/app/blobs/uploads/";
const plain = "http://127.0.0.1:5000/v2/app/blobs/uploads/";
const cases: [from: string, text: string, followed: string | undefined][] = [
  [secure, "/v2/app/x", "https://registry.test/v2/app/x"],
  [secure, "x?state=1", "https://registry.test/v2/app/blobs/uploads/x?state=1"],
  [secure, "https://registry.test:443/x", "https://registry.test/x"],
  [secure, "https://store.test/x?sig=a%2Bb", "https://store.test/x?sig=a%2Bb"],
  [secure, "//store.test/x", "https://store.test/x"],
  [secure, "http://registry.test/x", "https://registry.test/x"],
  [secure, "http://store.test/x", undefined],
  [secure, "http://registry.test:8080/x", undefined],
  [secure, "file:///etc/passwd", undefined],
  [plain, "/x", "http://127.0.0.1:5000/x"],
  [plain, "http://127.0.0.1:5001/x", "http://127.0.0.1:5001/x"],
  [plain, "https://store.test/x", "https://store.test/x"],
  [plain, "file:///etc/passwd", undefined],
  [plain, "data:text/plain,x", undefined],
  [plain, "http://[", undefined],
];

for (const [from, text, followed] of cases) {
  Deno.test(`followAddress() takes ${text} from ${from.slice(0, 8)} for ${followed}`, () => {
    assertEquals(followAddress(text, new URL(from))?.href, followed);
  });
}

const own: [does: string, registry: string, base: string, text: string, followed: string][] = [
  [
    "takes the named host to its endpoint, query and all",
    "registry.test",
    "http://127.0.0.1:5001/",
    "https://registry.test/v2/a/blobs/uploads/1?_state=a%2b~b",
    "http://127.0.0.1:5001/v2/a/blobs/uploads/1?_state=a%2b~b",
  ],
  [
    "does so from https, too",
    "registry.test",
    "https://mirror.test/",
    "http://registry.test/v2/",
    "https://mirror.test/v2/",
  ],
  [
    "puts the endpoint's path in front",
    "registry.test",
    "https://mirror.test/proxy/",
    "https://registry.test/v2/a/tags/list",
    "https://mirror.test/proxy/v2/a/tags/list",
  ],
  [
    "puts it there once",
    "registry.test",
    "https://mirror.test/proxy/",
    "https://registry.test/proxy/v2/",
    "https://mirror.test/proxy/v2/",
  ],
  [
    "knows the port that goes without saying",
    "registry.test:443",
    "https://mirror.test/",
    "https://registry.test/v2/",
    "https://mirror.test/v2/",
  ],
  [
    "leaves other ports of the host alone",
    "registry.test",
    "https://mirror.test/",
    "https://registry.test:8443/v2/",
    "https://registry.test:8443/v2/",
  ],
  [
    "leaves other hosts alone",
    "registry.test",
    "https://mirror.test/",
    "https://store.test/blob?sig=1",
    "https://store.test/blob?sig=1",
  ],
  [
    "leaves a registry alone that is reached by its name",
    "registry.test",
    "https://registry.test/",
    "/v2/a/tags/list?last=b",
    "https://registry.test/v2/a/tags/list?last=b",
  ],
];

for (const [does, registry, base, text, followed] of own) {
  Deno.test(`followOwnAddress() ${does}`, () => {
    const url = followOwnAddress(text, new URL(base), { registry, base: new URL(base) });
    assertEquals(url?.href, followed);
  });
}

for (const text of ["file:///etc/passwd", "http://store.test/", "https://["]) {
  Deno.test(`followOwnAddress() does not follow ${text}`, () => {
    const base = new URL("https://mirror.test/");
    assertEquals(followOwnAddress(text, base, { registry: "registry.test", base }), undefined);
  });
}
