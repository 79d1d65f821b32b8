/**
 * What a failed connection means, in words.
 *
 * @module
 */

import { OciPushError, type Side } from "../oci/error.ts";
import { cleanText } from "../oci/text.ts";

/** What was being done, for {@linkcode describeNetworkError}. */
export interface NetworkAction {
  /** What failed, e.g. `cannot read blob sha256:5ca8… of prod.example.com/team/app`. */
  action: string;
  /** Host and port as named in the reference. */
  registry: string;
  /** Which end of a copy it is. */
  side?: Side;
  /** The path under the registry. */
  repository?: string;
  /** The blob or manifest concerned. */
  digest?: string;
  /** How often it was tried. */
  attempts?: number;
}

interface Explanation {
  code: "UNREACHABLE" | "TLS" | "TIMEOUT" | "PERMISSION";
  happened: string;
  hint?: string;
  terminal: boolean;
}

const CUT_BODY = /error reading a body from connection|\bterminated\b/;

/** What TLS makes of an answer in plain http. */
const PLAIN_HTTP = /corrupt message|InvalidContentType|wrong version number|not TLS/i;

/** Words of the runtime, and what they mean; the first that fits counts. */
const WORDS: [pattern: RegExp, explain: (found: RegExpExecArray, host: string) => Explanation][] = [
  [
    /UnknownIssuer|self[- ]signed|unable to (?:get|verify)|CaUsedAsEndEntity/i,
    (_, host) => tls("its certificate is signed by nobody that this machine trusts", host),
  ],
  [
    /not valid for name|NotValidForName|does not match certificate|altnames/i,
    (_, host) => tls("its certificate is for another name", host),
  ],
  [
    /not (?:yet valid|valid yet)|NotValidYet/i,
    (_, host) => tls("its certificate is not valid yet", host),
  ],
  [/Expired|has expired/i, (_, host) => tls("its certificate has expired", host)],
  [
    PLAIN_HTTP,
    (_, host) => ({
      code: "TLS",
      happened: "it speaks plain http on this port",
      hint: `--endpoint ${host}=http://${host}, if that network can be trusted`,
      terminal: true,
    }),
  ],
  [
    /CertificateRequired|certificate required|client certificate/i,
    (_, host) => tls("it wants a client certificate", host),
  ],
  [/invalid peer certificate|certificate|handshake|tls/i, (_, host) => tls("TLS failed", host)],
  [
    /Temporary failure in name resolution|EAI_AGAIN/i,
    () => ({
      code: "UNREACHABLE",
      happened: "its name cannot be looked up, no name server answers",
      terminal: false,
    }),
  ],
  [
    /Requests to port (\d+) are blocked/,
    ([, port]) => ({
      code: "UNREACHABLE",
      happened: `port ${port} is one that the runtime refuses to use`,
      hint: "have the registry listen on another port",
      terminal: true,
    }),
  ],
  [
    /dns error|failed to lookup|ENOTFOUND|name resolution/i,
    () => ({
      code: "UNREACHABLE",
      happened: "its name does not resolve",
      hint: "check the host's spelling, and --endpoint where it is reached by another name",
      terminal: true,
    }),
  ],
  [
    /refused|ECONNREFUSED/i,
    () => ({
      code: "UNREACHABLE",
      happened: "the connection is refused",
      hint: "is the registry running, and the port right?",
      terminal: false,
    }),
  ],
  [
    CUT_BODY,
    () => ({
      code: "UNREACHABLE",
      happened: "the connection was cut in the middle of the answer",
      terminal: false,
    }),
  ],
  [
    /(no answer|nothing came) for ([\d.]+) ms/,
    ([, silence, ms]) => ({
      code: "TIMEOUT",
      happened: `${silence} for ${Math.round(Number(ms) / 100) / 10} s`,
      hint: "--stall-timeout DURATION waits longer",
      terminal: false,
    }),
  ],
  [
    /timed out|TimeoutError|ETIMEDOUT/i,
    () => ({ code: "TIMEOUT", happened: "no answer in time", terminal: false }),
  ],
];

/**
 * Turns what `fetch` or a body's reader throws into an error that says what happened.
 *
 * @param cause What was thrown.
 * @param action What was being done.
 * @returns `UNREACHABLE`, `TLS`, `TIMEOUT` or `PERMISSION`; an OciPushError comes back as it is.
 */
export function describeNetworkError(cause: unknown, action: NetworkAction): OciPushError {
  if (cause instanceof OciPushError) return cause;
  const { action: doing, ...facts } = action;
  const { code, happened, hint, terminal } = explain(cause, action.registry);
  return new OciPushError(code, `${doing}: ${happened}`, {
    ...facts,
    terminal,
    ...(hint !== undefined && { hint }),
  }, cause);
}

/**
 * Whether a failed connection is one that another try may mend.
 *
 * @param cause What was thrown.
 * @returns "no" for names and certificates, "briefly" for a refused connection, else "yes".
 */
export function worthAnotherTry(cause: unknown): "yes" | "briefly" | "no" {
  const { terminal, happened } = explain(cause, "");
  return terminal ? "no" : happened.includes("refused") ? "briefly" : "yes";
}

/**
 * Whether a connection by TLS failed since the other side speaks plain http.
 *
 * @param cause What was thrown.
 * @returns True for what TLS says of an answer that is none of its own.
 */
export function speaksPlainHttp(cause: unknown): boolean {
  return PLAIN_HTTP.test(wordsOf(cause));
}

/**
 * Whether an answer's body ended before its length was reached.
 *
 * @param cause What `fetch` or a body's reader threw.
 * @returns True also where the body was being sent on.
 */
export function isCutBody(cause: unknown): boolean {
  return CUT_BODY.test(wordsOf(cause));
}

function explain(cause: unknown, host: string): Explanation {
  if (cause instanceof Deno.errors.NotCapable) {
    const needed = /--allow-[a-z]+/.exec(cause.message)?.[0] ?? "--allow-net";
    return {
      code: "PERMISSION",
      happened: `this program may not: it lacks ${needed}`,
      hint: `run it with ${needed}, or -A`,
      terminal: true,
    };
  }
  const words = wordsOf(cause);
  for (const [pattern, explanation] of WORDS) {
    const found = pattern.exec(words);
    if (found) return explanation(found, host);
  }
  return {
    code: "UNREACHABLE",
    happened: `the connection broke (${cleanText(words)})`,
    terminal: false,
  };
}

function tls(happened: string, host: string): Explanation {
  return {
    code: "TLS",
    happened,
    hint: `--ca-file FILE with the authority that signed it, or certs.d/${host}/ca.crt; ` +
      "--insecure-skip-tls-verify takes any certificate",
    terminal: true,
  };
}

/** The words of an error and of those underneath, without the address, which may be signed. */
function wordsOf(cause: unknown): string {
  const words: string[] = [];
  for (let error = cause; error instanceof Error; error = error.cause) {
    words.push(error.name === "TimeoutError" ? `timed out: ${error.message}` : error.message);
    const { code } = error as { code?: unknown };
    if (typeof code === "string") words.push(code);
  }
  return words.join(": ").replaceAll(/\(?https?:\/\/[^\s)]+\)?/g, "").replaceAll(/\s+/g, " ");
}
