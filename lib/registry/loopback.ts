/**
 * Hosts on this machine.
 *
 * @module
 */

/**
 * Tells whether a host is this machine itself, where plain http is expected.
 *
 * @param host A host, with or without a port.
 * @returns True for localhost, 127.0.0.0/8 and ::1.
 */
export function isLoopback(host: string): boolean {
  if (host === "::1") return true;
  const name = host.replace(/:\d+$/, "");
  return name === "localhost" || name === "[::1]" ||
    /^127(?:\.\d{1,3}){3}$/.test(name);
}
