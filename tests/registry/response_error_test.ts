import { assertEquals } from "../../lib/std/assert.ts";
import { responseError } from "../../lib/registry/response_error.ts";
import { scriptedRepository } from "../support/scripted.ts";

const { repository } = scriptedRepository([], { side: "destination" });
const body = (code: string, message = "") => JSON.stringify({ errors: [{ code, message }] });
const [reads, writes] = ["read", "write"];

const cases: {
  status: number;
  doing?: string;
  text?: string;
  code: string;
  terminal?: boolean;
  says: string;
}[] = [
  {
    status: 401,
    code: "UNAUTHORIZED",
    says: "the registry wants to know who asks (401)",
  },
  { status: 403, code: "DENIED", says: "pushing is not allowed (403)" },
  { status: 403, doing: reads, code: "DENIED", says: "reading is not allowed (403)" },
  { status: 404, doing: reads, code: "TAG_NOT_FOUND", says: "it is not there (404)" },
  {
    status: 404,
    doing: reads,
    text: body("NAME_UNKNOWN", "repository name not known to registry"),
    code: "REPOSITORY_NOT_FOUND",
    says: "the registry does not know the repository (404 NAME_UNKNOWN): " +
      '"repository name not known to registry"',
  },
  {
    status: 404,
    text: body("NAME_UNKNOWN"),
    code: "TAG_NOT_FOUND",
    says: "it is not there (404 NAME_UNKNOWN)",
  },
  {
    status: 405,
    text: body("UNSUPPORTED", "the operation is unsupported"),
    code: "UNSUPPORTED",
    says: "the registry does not allow it: is it read-only? (405 UNSUPPORTED): " +
      '"the operation is unsupported"',
  },
  { status: 412, code: "TAG_IMMUTABLE", says: "the tag may not be moved (412)" },
  {
    status: 400,
    text: body("TAG_INVALID", "The image tag v1 already exists in the repository and is immutable"),
    code: "TAG_IMMUTABLE",
    says: "the tag may not be moved (400 TAG_INVALID): " +
      '"The image tag v1 already exists in the repository and is immutable"',
  },
  {
    status: 403,
    text: body("DENIED", "storage quota exceeded"),
    code: "QUOTA",
    says: 'the registry has no room left for it (403 DENIED): "storage quota exceeded"',
  },
  { status: 507, code: "QUOTA", says: "the registry has no room left for it (507)" },
  {
    status: 413,
    text: "client intended to send too large body",
    code: "TOO_LARGE",
    says: "something on the way limits the size of a request (413): " +
      '"client intended to send too large body"',
  },
  { status: 429, code: "RATE_LIMITED", terminal: false, says: "too many requests (429)" },
  {
    status: 429,
    text: body("TOOMANYREQUESTS", "Quota exceeded for requests per minute"),
    code: "RATE_LIMITED",
    terminal: false,
    says: 'too many requests (429 TOOMANYREQUESTS): "Quota exceeded for requests per minute"',
  },
  ...[408, 425].map((status) => ({
    status,
    code: "UNAVAILABLE",
    terminal: false,
    says: `the registry asks to try later (${status})`,
  })),
  {
    status: 404,
    text: body("BLOB_UPLOAD_UNKNOWN"),
    code: "UNAVAILABLE",
    terminal: false,
    says: "the registry has forgotten the upload (404 BLOB_UPLOAD_UNKNOWN)",
  },
  {
    status: 404,
    text: body("BLOB_UPLOAD_INVALID"),
    code: "UNAVAILABLE",
    terminal: false,
    says: "the registry has forgotten the upload (404 BLOB_UPLOAD_INVALID)",
  },
  {
    status: 416,
    code: "UNAVAILABLE",
    terminal: false,
    says: "the registry waits for other bytes of it (416)",
  },
  { status: 416, doing: reads, code: "REGISTRY_BROKEN", says: "it has no such bytes (416)" },
  ...[500, 502, 503, 504].map((status) => ({
    status,
    code: "UNAVAILABLE",
    terminal: false,
    says: `the registry has a problem (${status})`,
  })),
  { status: 400, code: "REGISTRY_BROKEN", says: "the registry refuses (400)" },
  {
    status: 200,
    code: "REGISTRY_BROKEN",
    says: "an answer that the API does not have (200)",
  },
  {
    status: 403,
    text: body("DENIED\n", "no\n::warning::\u001b[2Jgo away\u202e"),
    code: "DENIED",
    says: "pushing is not allowed (403 DENIED): " +
      '"no ::warning::\\x1b[2Jgo away\\u202e"',
  },
  {
    status: 403,
    text: "x".repeat(20_000),
    code: "DENIED",
    says: `pushing is not allowed (403): "${"x".repeat(299)}…"`,
  },
];

for (const { status, doing = writes, text = "", code, terminal = true, says } of cases) {
  Deno.test(`responseError() says of ${status} ${JSON.stringify(text.slice(0, 70))}: ${code}`, async () => {
    const response = new Response(text, { status });
    const error = await responseError(response, {
      repository,
      doing,
      missing: "TAG_NOT_FOUND",
      tagOrDigest: "v1",
    });
    const { side, registry, repository: name, tagOrDigest, attempts } = error.details;
    assertEquals([error.code, error.terminal, error.details.status], [code, terminal, status]);
    assertEquals(
      error.message,
      `cannot ${doing} registry.test/team/app:v1 (destination): ${says}`,
    );
    assertEquals({ side, registry, name, tagOrDigest, attempts }, {
      side: "destination",
      registry: "registry.test",
      name: "team/app",
      tagOrDigest: "v1",
      attempts: 1,
    });
    assertEquals(
      /\p{Cc}/u.test(`${error.message}${error.details.registryCode}`),
      false,
    );
  });
}

Deno.test("responseError() keeps how long the registry asked to wait, in seconds", async () => {
  const response = new Response(null, { status: 429, headers: { "retry-after": "1.2" } });
  const error = await responseError(response, { repository, doing: "read", missing: "INTERNAL" });
  assertEquals(error.details.retryAfter, 2);
});

Deno.test("responseError() reads no further than it has to", async () => {
  let pulled = 0;
  const text = new ReadableStream({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(4096).fill(120));
    },
  }, { highWaterMark: 0 });
  const response = new Response(text, { status: 403 });
  await responseError(response, { repository, doing: "read", missing: "INTERNAL" });
  assertEquals(pulled, 2);
});
