/**
 * Git repositories, which have several URLs that mean the same.
 *
 * @module
 */

/**
 * Writes a Git URL in one form, for comparing.
 *
 * @example
 * ```ts
 * console.assert(normalizeGitUrl("git@github.com:Org/Repo.git") === "ssh://git@github.com/org/repo");
 * console.assert(normalizeGitUrl("https://me@github.com/org/repo/") === "https://github.com/org/repo");
 * ```
 * @param url `https://…`, `ssh://…` or `user@host:path`.
 * @returns Lower case, without `.git`, a last slash, and the user of an https URL; what is no such
 * URL comes back as it is.
 */
export function normalizeGitUrl(url: string): string {
  const typed = url.trim();
  const scheme = /^(https?|ssh):\/\//i.exec(typed)?.[0];
  const scp = scheme ? null : /^((?:[\w-]+@)?[\w.-]+):(.*)$/.exec(typed);
  const full = scp ? `ssh://${scp[1]}/${scp[2]}` : typed;
  const anonymous = /^https?:/i.test(full) ? full.replace(/^(https?:\/\/)[^@/]*@/i, "$1") : full;
  if (!scheme && !scp) return url;
  return anonymous.replace(/\/$/, "").replace(/\.git$/i, "").toLowerCase();
}
