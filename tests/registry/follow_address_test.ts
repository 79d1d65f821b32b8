import { assertEquals } from "../../lib/std/assert.ts";
import { followAddress } from "../../lib/registry/follow_address.ts";

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
