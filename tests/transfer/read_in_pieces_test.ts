import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import type { Repository } from "../../lib/registry/repository.ts";
import { readInPieces } from "../../lib/transfer/read_in_pieces.ts";

const digest = `sha256:${"a".repeat(64)}` as const;

/** A source of ten bytes; writes down which ranges it was asked for. */
function source(answer: (range: string) => Response): { repository: Repository; asked: string[] } {
  const asked: string[] = [];
  const repository: Repository = {
    registry: "source.test",
    name: "app",
    side: "source",
    base: new URL("https://source.test/"),
    send(_url, init) {
      const range = new Headers(init.headers).get("range") ?? "";
      asked.push(range);
      return Promise.resolve(answer(range));
    },
  };
  return { repository, asked };
}

function part(range: string): Response {
  const [, from, to] = /bytes=(\d+)-(\d+)/.exec(range)!;
  const text = "0123456789".slice(Number(from), Number(to) + 1);
  return new Response(text, { status: 206, headers: { "content-length": String(text.length) } });
}

Deno.test("readInPieces() asks for a piece when the one before is used up", async () => {
  const { repository, asked } = source(part);
  const { body } = await readInPieces(repository, { digest, size: 10 }, { pieceSize: 4 });
  assertEquals(asked, ["bytes=0-3"]);
  assertEquals(await new Response(body).text(), "0123456789");
  assertEquals(asked, ["bytes=0-3", "bytes=4-7", "bytes=8-9"]);
});

Deno.test("readInPieces() takes the whole where ranges are not known", async () => {
  const whole = () => new Response("0123456789", { headers: { "content-length": "10" } });
  const { repository, asked } = source(whole);
  const { body } = await readInPieces(repository, { digest, size: 10 }, { pieceSize: 4 });
  assertEquals([await new Response(body).text(), asked.length], ["0123456789", 1]);
});

Deno.test("readInPieces() tells a blob that is not there at once, a later failure in the body", async () => {
  const gone = source(() => new Response(null, { status: 404 }));
  const missing = await assertRejects(
    () => readInPieces(gone.repository, { digest, size: 10 }, { pieceSize: 4 }),
    OciPushError,
  );
  assertEquals(missing.code, "BLOB_NOT_FOUND");
  const later = source((range) =>
    range === "bytes=0-3" ? part(range) : new Response(null, { status: 404 })
  );
  const { body } = await readInPieces(later.repository, { digest, size: 10 }, { pieceSize: 4 });
  await assertRejects(() => new Response(body).text());
});
