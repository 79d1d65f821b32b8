/**
 * All ways to push a blob, request by request.
 *
 * @module
 */

import { assertEquals, assertMatch } from "../../lib/std/assert.ts";
import { digestOf } from "../../lib/oci/digest.ts";
import type { RequestEvent } from "../../lib/serve/handler.ts";
import { type Ask, bytesOf, codes, openRegistry, pushBlob } from "./registry.ts";

const UPLOADS = "/v2/team/app/blobs/uploads/";
const hello = await digestOf(bytesOf("hello"));
const hello512 = await digestOf(bytesOf("hello"), "sha512");
const other = await digestOf(bytesOf("other"));

async function open(ask: Ask): Promise<string> {
  const response = await ask("POST", UPLOADS);
  assertEquals(response.status, 202);
  return response.headers.get("location")!;
}

interface Step {
  method: string;
  /** Added to the upload's location. */
  query?: string;
  range?: string;
  body?: string;
  /** What is expected: the status, and the answer's Range where it has one. */
  status: number;
  upTo?: string;
  code?: string;
}

const journeys: { does: string; steps: Step[]; pulls: string | undefined }[] = [
  {
    does: "whole, in the closing PUT",
    steps: [{ method: "PUT", query: `?digest=${hello}`, body: "hello", status: 201 }],
    pulls: hello,
  },
  {
    does: "whole, with a sha512 digest",
    steps: [{ method: "PUT", query: `?digest=${hello512}`, body: "hello", status: 201 }],
    pulls: hello512,
  },
  {
    does: "as a stream of unknown length, closed by a sha512 digest",
    steps: [
      { method: "PATCH", body: "hello", status: 202, upTo: "0-4" },
      { method: "PUT", query: `?digest=${hello512}`, status: 201 },
    ],
    pulls: hello512,
  },
  {
    does: "in chunks, the last with the closing PUT",
    steps: [
      { method: "PATCH", range: "0-1", body: "he", status: 202, upTo: "0-1" },
      { method: "PATCH", range: "2-3", body: "ll", status: 202, upTo: "0-3" },
      { method: "PUT", query: `?digest=${hello}`, range: "4-4", body: "o", status: 201 },
    ],
    pulls: hello,
  },
  {
    does: "in chunks, after some that were out of order",
    steps: [
      {
        method: "PATCH",
        range: "2-3",
        body: "ll",
        status: 416,
        upTo: "0-0",
        code: "BLOB_UPLOAD_INVALID",
      },
      { method: "GET", status: 204, upTo: "0-0" },
      { method: "PATCH", range: "0-1", body: "he", status: 202, upTo: "0-1" },
      {
        method: "PATCH",
        range: "0-1",
        body: "he",
        status: 416,
        upTo: "0-1",
        code: "BLOB_UPLOAD_INVALID",
      },
      {
        method: "PUT",
        query: `?digest=${hello}`,
        range: "3-4",
        body: "lo",
        status: 416,
        upTo: "0-1",
        code: "BLOB_UPLOAD_INVALID",
      },
      { method: "HEAD", status: 204, upTo: "0-1" },
      { method: "PUT", query: `?digest=${hello}`, range: "2-4", body: "llo", status: 201 },
    ],
    pulls: hello,
  },
  {
    does: "not with a Content-Range that is none",
    steps: [{
      method: "PATCH",
      range: "from the start",
      body: "he",
      status: 416,
      upTo: "0-0",
      code: "BLOB_UPLOAD_INVALID",
    }],
    pulls: undefined,
  },
  {
    does: "not with a chunk of another length than it says, whose bytes stay",
    steps: [
      { method: "PATCH", range: "0-3", body: "he", status: 400, code: "SIZE_INVALID" },
      { method: "GET", status: 204, upTo: "0-1" },
      { method: "PUT", query: `?digest=${hello}`, body: "llo", status: 201 },
    ],
    pulls: hello,
  },
  {
    does: "not with another digest, which ends the upload",
    steps: [
      {
        method: "PUT",
        query: `?digest=${other}`,
        body: "hello",
        status: 400,
        code: "DIGEST_INVALID",
      },
      { method: "GET", status: 404, code: "BLOB_UPLOAD_UNKNOWN" },
    ],
    pulls: undefined,
  },
  {
    does: "not without a digest, which leaves the upload open",
    steps: [
      { method: "PUT", body: "hello", status: 400, code: "DIGEST_INVALID" },
      { method: "PUT", query: "?digest=sha256:1", status: 400, code: "DIGEST_INVALID" },
      { method: "PUT", query: `?digest=${hello}`, body: "hello", status: 201 },
    ],
    pulls: hello,
  },
  {
    does: "not after it was cancelled",
    steps: [
      { method: "PATCH", body: "hello", status: 202, upTo: "0-4" },
      { method: "DELETE", status: 204 },
      {
        method: "PUT",
        query: `?digest=${hello}`,
        body: "hello",
        status: 404,
        code: "BLOB_UPLOAD_UNKNOWN",
      },
      { method: "DELETE", status: 404, code: "BLOB_UPLOAD_UNKNOWN" },
    ],
    pulls: undefined,
  },
  {
    does: "not by POST to an upload",
    steps: [{ method: "POST", status: 405, code: "UNSUPPORTED" }],
    pulls: undefined,
  },
];

for (const { does, steps, pulls } of journeys) {
  Deno.test(`a blob is pushed ${does}`, async () => {
    const ask = openRegistry();
    const location = await open(ask);
    for (const { method, query = "", range, body, status, upTo, code } of steps) {
      const response = await ask(method, location + query, {
        ...(range !== undefined && { headers: { "content-range": range } }),
        ...(body !== undefined && { body }),
      });
      const answered = [response.status, response.headers.get("range") ?? undefined];
      assertEquals(answered, [status, upTo], `${method} ${range}`);
      if (code !== undefined) assertEquals(await codes(response), [code]);
      if (status === 201) {
        assertEquals(response.headers.get("location"), `/v2/team/app/blobs/${pulls}`);
        assertEquals(response.headers.get("docker-content-digest"), pulls);
      }
    }
    const pulled = await ask("GET", `/v2/team/app/blobs/${pulls ?? hello}`);
    assertEquals(pulled.status, pulls ? 200 : 404);
    if (pulls) assertEquals(await pulled.text(), "hello");
  });
}

Deno.test("a blob is pushed in one POST with its digest, or refused with another", async () => {
  const ask = openRegistry();
  const refused = await ask("POST", `${UPLOADS}?digest=${other}`, { body: "hello" });
  assertEquals([refused.status, await codes(refused)], [400, ["DIGEST_INVALID"]]);
  const unreadable = await ask("POST", `${UPLOADS}?digest=hello`, { body: "hello" });
  assertEquals([unreadable.status, await codes(unreadable)], [400, ["DIGEST_INVALID"]]);
  const taken = await ask("POST", `${UPLOADS}?digest=${hello}`, { body: "hello" });
  assertEquals(taken.status, 201);
  assertEquals(await (await ask("GET", taken.headers.get("location")!)).text(), "hello");
});

Deno.test("an upload that is opened says where it goes on and what it is called", async () => {
  const ask = openRegistry();
  const { headers } = await ask("POST", UPLOADS);
  assertMatch(headers.get("location")!, /^\/v2\/team\/app\/blobs\/uploads\/[0-9a-f-]{36}$/);
  assertEquals(headers.get("location"), UPLOADS + headers.get("docker-upload-uuid"));
  assertEquals(headers.get("range"), "0-0");
});

Deno.test("an upload belongs to one repository", async () => {
  const ask = openRegistry();
  const location = (await open(ask)).replace("/team/app/", "/team/other/");
  const response = await ask("PUT", `${location}?digest=${hello}`, { body: "hello" });
  assertEquals([response.status, await codes(response)], [404, ["BLOB_UPLOAD_UNKNOWN"]]);
});

const mounts: { does: string; query: string; status: number; there: boolean }[] = [
  { does: "from the repository that has it", query: "&from=source", status: 201, there: true },
  { does: "from wherever it is", query: "", status: 201, there: true },
  { does: "not from one that lacks it", query: "&from=empty", status: 202, there: false },
  {
    does: "not from one that lacks it, itself",
    query: "&from=team/app",
    status: 202,
    there: false,
  },
  { does: "not from what is no repository", query: "&from=../source", status: 202, there: false },
];

for (const { does, query, status, there } of mounts) {
  Deno.test(`a blob is mounted ${does}`, async () => {
    const ask = openRegistry();
    await pushBlob(ask, "source", "hello");
    const response = await ask("POST", `${UPLOADS}?mount=${hello}${query}`);
    assertEquals(response.status, status);
    const location = response.headers.get("location")!;
    if (there) assertEquals(location, `/v2/team/app/blobs/${hello}`);
    else assertEquals((await ask("GET", location)).status, 204);
    const head = await ask("HEAD", `/v2/team/app/blobs/${hello}`);
    assertEquals(head.status, there ? 200 : 404);
  });
}

Deno.test("a mount from the repository itself says whether the blob is there", async () => {
  const ask = openRegistry();
  await pushBlob(ask, "team/app", "hello");
  const response = await ask("POST", `${UPLOADS}?mount=${hello}&from=team/app`);
  assertEquals(response.status, 201);
});

Deno.test("a body that breaks off is no fault of the registry, and what came of it stays", async () => {
  const events: RequestEvent[] = [];
  const ask = openRegistry({ onRequest: (event) => events.push(event) });
  const location = await open(ask);
  let pulls = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (pulls++ === 0) controller.enqueue(bytesOf("hel"));
      else controller.error(new Error("connection reset"));
    },
  });
  const broken = await ask("PATCH", location, { body });
  assertEquals([broken.status, await codes(broken)], [400, ["BLOB_UPLOAD_INVALID"]]);
  assertEquals(events.at(-1)?.error, undefined);
  assertEquals((await ask("GET", location)).headers.get("range"), "0-2");
  const rest = { headers: { "content-range": "3-4" }, body: "lo" };
  assertEquals((await ask("PUT", `${location}?digest=${hello}`, rest)).status, 201);
});

Deno.test("chunks that arrive at once are taken one after the other", async () => {
  const ask = openRegistry();
  const location = await open(ask);
  const statuses = await Promise.all(
    [["0-1", "he"], ["2-4", "llo"], ["2-4", "llo"]].map(async ([range = "", body = ""]) => {
      const options = { headers: { "content-range": range }, body };
      return (await ask("PATCH", location, options)).status;
    }),
  );
  assertEquals(statuses, [202, 202, 416]);
  assertEquals((await ask("PUT", `${location}?digest=${hello}`)).status, 201);
});

Deno.test("one upload closed twice at once is one blob", async () => {
  const ask = openRegistry();
  const location = await open(ask);
  await ask("PATCH", location, { body: "hello" });
  const close = () => ask("PUT", `${location}?digest=${hello}`);
  const statuses = (await Promise.all([close(), close()])).map(({ status }) => status);
  assertEquals(statuses, [201, 404]);
  assertEquals(await (await ask("GET", `/v2/team/app/blobs/${hello}`)).text(), "hello");
});

Deno.test("a blob longer than any buffer arrives as it was sent", async () => {
  const ask = openRegistry();
  const bytes = new Uint8Array(1_000_003).map((_, i) => i * 31 + (i >> 8));
  const digest = await digestOf(bytes);
  const location = await open(ask);
  await ask("PATCH", location, { body: bytes.subarray(0, 300_000) });
  await ask("PATCH", location, {
    body: ReadableStream.from([bytes.subarray(300_000, 300_001), bytes.subarray(300_001, 900_000)]),
  });
  const closed = await ask("PUT", `${location}?digest=${digest}`, {
    body: bytes.subarray(900_000),
  });
  assertEquals(closed.status, 201);
  const pulled = await (await ask("GET", `/v2/team/app/blobs/${digest}`)).bytes();
  assertEquals(await digestOf(pulled), digest);
});
