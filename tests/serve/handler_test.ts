/**
 * The registry's frame: places, methods, events, and faults of its own.
 *
 * @module
 */

import { assert, assertEquals } from "../../lib/std/assert.ts";
import type { RequestEvent } from "../../lib/serve/handler.ts";
import type { Storage } from "../../lib/serve/storage.ts";
import { codes, openRegistry, seen } from "./registry.ts";

const answers: { method: string; path: string; status: number; code?: string }[] = [
  { method: "GET", path: "/v2/", status: 200 },
  { method: "GET", path: "/v2", status: 200 },
  { method: "HEAD", path: "/v2/", status: 200 },
  { method: "POST", path: "/v2/", status: 405, code: "UNSUPPORTED" },
  { method: "GET", path: "/", status: 404, code: "NAME_INVALID" },
  { method: "GET", path: "/v1/app", status: 404, code: "NAME_INVALID" },
  { method: "GET", path: "/v2/App/tags/list", status: 404, code: "NAME_INVALID" },
  { method: "GET", path: "/v2/a..b/tags/list", status: 404, code: "NAME_INVALID" },
  { method: "GET", path: `/v2/${"a".repeat(256)}/tags/list`, status: 404, code: "NAME_INVALID" },
  { method: "DELETE", path: "/v2/app/tags/list", status: 405, code: "UNSUPPORTED" },
  { method: "POST", path: "/v2/app/manifests/v1", status: 405, code: "UNSUPPORTED" },
  { method: "PUT", path: "/v2/app/blobs/uploads/", status: 405, code: "UNSUPPORTED" },
  { method: "POST", path: `/v2/app/referrers/x`, status: 405, code: "UNSUPPORTED" },
  { method: "GET", path: "/v2/app/blobs/uploads/x", status: 404, code: "BLOB_UPLOAD_UNKNOWN" },
  { method: "GET", path: "/v2/app/manifests/v1", status: 404, code: "MANIFEST_UNKNOWN" },
  { method: "GET", path: "/token", status: 404, code: "NAME_INVALID" },
];

for (const { method, path, status, code } of answers) {
  Deno.test(`${method} ${path.slice(0, 40)} is answered with ${status}`, async () => {
    const response = await openRegistry()(method, path);
    assertEquals(response.status, status);
    if (code !== undefined) {
      assertEquals(response.headers.get("content-type"), "application/json");
      assertEquals(await codes(response), [code]);
    }
    if (status === 405) assert(!response.headers.get("allow")!.includes(method));
  });
}

Deno.test("HEAD of what is not there has a status and no body", async () => {
  const response = await openRegistry()("HEAD", "/v2/app/manifests/v1");
  assertEquals(await seen(response), { status: 404, body: "" });
});

Deno.test("every request is told of once, with its status", async () => {
  const events: RequestEvent[] = [];
  const ask = openRegistry({ onRequest: (event) => events.push(event) });
  await ask("GET", "/v2/");
  await ask("GET", "/v2/app/tags/list?n=1");
  assert(events.every(({ ms }) => ms >= 0));
  assertEquals(events.map(({ method, url, status }) => ({ method, url, status })), [
    { method: "GET", url: "http://registry.test/v2/", status: 200 },
    { method: "GET", url: "http://registry.test/v2/app/tags/list?n=1", status: 404 },
  ]);
});

Deno.test("a fault of the storage is a 500 without its words, which the event has", async () => {
  const fault = new Error("disk /secret is full");
  const storage: Storage = {
    repository() {
      throw fault;
    },
  };
  const events: RequestEvent[] = [];
  const ask = openRegistry({ storage, onRequest: (event) => events.push(event) });
  const response = await ask("GET", "/v2/app/tags/list");
  assertEquals(response.status, 500);
  const body = await response.text();
  assert(body.includes('"UNKNOWN"') && !body.includes("secret"), body);
  assertEquals(events.map(({ status, error }) => [status, error]), [[500, fault]]);
});
