/**
 * Who gets in with a password, and for what.
 *
 * @module
 */

import { assertEquals } from "../../lib/std/assert.ts";
import type { BasicAuth } from "../../lib/serve/auth.ts";
import { allow, as, basic, challengeOf, guarded, users } from "./guarded.ts";
import { codes } from "./registry.ts";

const basicCases: {
  does: string;
  auth?: Partial<BasicAuth>;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  status: number;
}[] = [
  { does: "asks who it is", status: 401 },
  { does: "lets a password in", headers: as("ada"), status: 200 },
  {
    does: "lets a scheme be spelled as it likes",
    headers: { authorization: as("ada").authorization.replace("Basic", "bAsIc") },
    status: 200,
  },
  { does: "refuses a wrong password", headers: basic("ada:x"), status: 401 },
  { does: "refuses an unknown user", headers: basic("eve:x"), status: 401 },
  {
    does: "refuses a user named like a method of objects",
    headers: basic("toString:x"),
    status: 401,
  },
  { does: "refuses half a password", headers: basic("ada:love"), status: 401 },
  { does: "refuses what is no base64", headers: { authorization: "Basic %%%" }, status: 401 },
  { does: "refuses a token", headers: { authorization: "Bearer abc" }, status: 401 },
  { does: "lets the nameless pull where they may", auth: { anonymousPull: true }, status: 200 },
  {
    does: "asks the nameless who they are when they push",
    auth: { anonymousPull: true },
    method: "POST",
    path: "/v2/app/blobs/uploads/",
    status: 401,
  },
  {
    does: "asks the nameless who they are at the door",
    auth: { anonymousPull: true },
    path: "/v2/",
    status: 401,
  },
  {
    does: "refuses a wrong password where the nameless get in",
    auth: { anonymousPull: true },
    headers: basic("ada:x"),
    status: 401,
  },
  {
    does: "asks the nameless who they are where a rule says no",
    auth: { anonymousPull: true, allow },
    path: "/v2/private/app/manifests/v1",
    status: 401,
  },
  {
    does: "lets everybody known in at the door",
    auth: { allow },
    path: "/v2/",
    headers: as("bob"),
    status: 200,
  },
  { does: "lets pull whom a rule lets pull", auth: { allow }, headers: as("bob"), status: 200 },
  {
    does: "denies a push that a rule denies",
    auth: { allow },
    method: "POST",
    path: "/v2/app/blobs/uploads/",
    headers: as("bob"),
    status: 403,
  },
  {
    does: "denies a deletion that a rule denies",
    auth: { allow },
    method: "DELETE",
    headers: as("bob"),
    status: 403,
  },
  {
    does: "allows a deletion that a rule allows",
    auth: { allow },
    method: "DELETE",
    headers: as("ada"),
    status: 202,
  },
];

for (const { does, auth, method = "GET", path, headers = {}, status } of basicCases) {
  Deno.test(`a registry with passwords ${does}`, async () => {
    const ask = await guarded({ type: "basic", users, ...auth });
    const response = await ask(method, path ?? "/v2/app/manifests/v1", { headers });
    assertEquals(response.status, status);
    if (status === 401) {
      assertEquals(challengeOf(response), { scheme: "basic", realm: "oci-push" });
      assertEquals(await codes(response), ["UNAUTHORIZED"]);
    }
    if (status === 403) assertEquals(await codes(response), ["DENIED"]);
  });
}
