/**
 * A registry behind a gate, and the keys to it.
 *
 * @module
 */

import { encodeBase64 } from "../../lib/std/encoding.ts";
import { parseChallenges } from "../../lib/oci/challenge.ts";
import type { AccessRule, BasicAuth, BearerAuth } from "../../lib/serve/auth.ts";
import { createMemoryStorage } from "../../lib/serve/memory_storage.ts";
import { type Ask, imageManifest, openRegistry, pushBlob, pushManifest } from "./registry.ts";

/** Passwords by name. */
export const users = { ada: "love:lace", bob: "hunter2" };

/** Ada may do everything, Bob pull, and nobody without a name sees what is private. */
export const allow: AccessRule = (user, repository, action) =>
  user === "ada" || (action === "pull" && (user === "bob" || !repository.startsWith("private/")));

/** The header of a user with the right password. */
export const as = (user: keyof typeof users) => ({
  authorization: `Basic ${encodeBase64(`${user}:${users[user]}`)}`,
});
/** The header of a name and a password, right or wrong. */
export const basic = (text: string) => ({ authorization: `Basic ${encodeBase64(text)}` });

/** A registry with `app:v1` and `private/app:v1`, and what asks it. */
export async function guarded(auth: BasicAuth | BearerAuth): Promise<Ask> {
  const storage = createMemoryStorage();
  const open = openRegistry({ storage });
  const { text } = await imageManifest();
  for (const name of ["app", "private/app"]) {
    await pushManifest(open, `/v2/${name}/manifests/v1`, text);
    await pushBlob(open, name, `only in ${name}`);
  }
  return openRegistry({ storage, auth });
}

/** The first challenge of an answer, flat. */
export function challengeOf(response: Response): { scheme: string } & Record<string, string> {
  const [challenge] = parseChallenges(response.headers.get("www-authenticate"));
  return { scheme: challenge?.scheme ?? "", ...challenge?.parameters };
}
