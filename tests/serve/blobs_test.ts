/**
 * Pulling, ranges and deletion of blobs, request by request.
 *
 * @module
 */

import { assertEquals } from "../../lib/std/assert.ts";
import { digestOf } from "../../lib/oci/digest.ts";
import { bytesOf, codes, openRegistry, pushBlob, seen } from "./registry.ts";

const CONTENT = "0123456789";
const digest = await digestOf(bytesOf(CONTENT));

Deno.test("a blob is sent with its length, digest and type, and HEAD sends no body", async () => {
  const ask = openRegistry();
  await pushBlob(ask, "team/app", CONTENT);
  for (const [method, body] of [["GET", CONTENT], ["HEAD", ""]] as const) {
    const response = await ask(method, `/v2/team/app/blobs/${digest}`);
    assertEquals(
      await seen(response, "content-length", "content-type", "docker-content-digest"),
      {
        status: 200,
        body,
        "content-length": "10",
        "content-type": "application/octet-stream",
        "docker-content-digest": digest,
      },
    );
  }
});

const ranges: { range: string; status: number; body: string; contentRange: string | null }[] = [
  { range: "bytes=0-0", status: 206, body: "0", contentRange: "bytes 0-0/10" },
  { range: "bytes=3-5", status: 206, body: "345", contentRange: "bytes 3-5/10" },
  { range: "bytes=7-", status: 206, body: "789", contentRange: "bytes 7-9/10" },
  { range: "bytes=7-99", status: 206, body: "789", contentRange: "bytes 7-9/10" },
  { range: "bytes=-4", status: 206, body: "6789", contentRange: "bytes 6-9/10" },
  { range: "bytes=-99", status: 206, body: CONTENT, contentRange: "bytes 0-9/10" },
  { range: "bytes=10-", status: 416, body: "SIZE_INVALID", contentRange: "bytes */10" },
  { range: "bytes=-0", status: 416, body: "SIZE_INVALID", contentRange: "bytes */10" },
  { range: "bytes=5-3", status: 416, body: "SIZE_INVALID", contentRange: "bytes */10" },
  { range: "bytes=0-1,3-4", status: 200, body: CONTENT, contentRange: null },
  { range: "lines=0-1", status: 200, body: CONTENT, contentRange: null },
];

for (const { range, status, body, contentRange } of ranges) {
  Deno.test(`a blob's ${range} is answered with ${status}`, async () => {
    const ask = openRegistry();
    await pushBlob(ask, "app", CONTENT);
    for (const method of ["GET", "HEAD"]) {
      const response = await ask(method, `/v2/app/blobs/${digest}`, { headers: { range } });
      assertEquals([response.status, response.headers.get("content-range")], [
        status,
        contentRange,
      ]);
      if (status < 300) {
        assertEquals(response.headers.get("content-length"), String(body.length));
      }
      if (method === "HEAD") assertEquals(await response.text(), "");
      else if (status === 416) assertEquals(await codes(response), [body]);
      else assertEquals(await response.text(), body);
    }
  });
}

Deno.test("an empty blob is sent as a length of 0 and has no part", async () => {
  const ask = openRegistry();
  const { digest } = await pushBlob(ask, "app", "");
  const whole = await ask("GET", `/v2/app/blobs/${digest}`);
  assertEquals([whole.status, whole.headers.get("content-length")], [200, "0"]);
  const part = await ask("GET", `/v2/app/blobs/${digest}`, { headers: { range: "bytes=0-" } });
  assertEquals(part.status, 416);
});

const refused: { does: string; method: string; path: string; status: number; code: string }[] = [
  {
    does: "a blob that is in another repository",
    method: "GET",
    path: `/v2/other/blobs/${digest}`,
    status: 404,
    code: "BLOB_UNKNOWN",
  },
  {
    does: "to delete a blob that is in another repository",
    method: "DELETE",
    path: `/v2/other/blobs/${digest}`,
    status: 404,
    code: "BLOB_UNKNOWN",
  },
  {
    does: "a digest that is too short",
    method: "GET",
    path: "/v2/app/blobs/sha256:abc",
    status: 400,
    code: "DIGEST_INVALID",
  },
  {
    does: "a digest of another algorithm",
    method: "GET",
    path: `/v2/app/blobs/md5:${"0".repeat(32)}`,
    status: 400,
    code: "DIGEST_INVALID",
  },
  {
    does: "to write to a blob",
    method: "PUT",
    path: `/v2/app/blobs/${digest}`,
    status: 405,
    code: "UNSUPPORTED",
  },
];

for (const { does, method, path, status, code } of refused) {
  Deno.test(`a registry refuses ${does}`, async () => {
    const ask = openRegistry();
    await pushBlob(ask, "app", CONTENT);
    const response = await ask(method, path);
    assertEquals([response.status, await codes(response)], [status, [code]]);
  });
}

Deno.test("a deleted blob is gone", async () => {
  const ask = openRegistry();
  await pushBlob(ask, "app", CONTENT);
  assertEquals((await ask("DELETE", `/v2/app/blobs/${digest}`)).status, 202);
  assertEquals((await ask("HEAD", `/v2/app/blobs/${digest}`)).status, 404);
});
