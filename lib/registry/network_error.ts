/**
 * What a failed connection means, in words.
 *
 * The texts matched here are those of Deno 2.9 (hyper, rustls, the system) and of undici, which
 * reaches registries whose certificates are not checked.
 *
 * @module
 */

import { type ErrorCode, OciPushError, type Side } from "../oci/error.ts";
import { cleanText } from "../oci/text.ts";
import { inBrackets } from "./repository.ts";
import type { Wrapper } from "./transport.ts";

/** What was being done, for {@linkcode describeNetworkError}. */
export interface NetworkAction {
  /** What failed, e.g. `cannot read blob sha256:5ca8… of prod.example.com/team/app (source)`. */
  action: string;
  /** Host and port as named in the reference. */
  registry: string;
  /** Which end of a copy it is. */
  side?: Side;
  /** The path under the registry. */
  repository?: string;
  /** The blob or manifest concerned. */
  digest?: string;
}

/** What happened to a connection, as far as others have to know. */
export type NetworkProblem =
  | "refused"
  | "name"
  | "certificate"
  | "not-http"
  | "not-tls"
  | "body"
  | "silence"
  | "forbidden"
  | "broken";

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
  const text = textOf(cause);
  const { code, words, terminal, hint } = find(text);
  return new OciPushError(code, `${doing}: ${words(text)}`, {
    terminal,
    ...facts,
    ...(hint && { hint: hint(action) }),
  }, cause);
}

/**
 * Which kind of trouble a thrown value tells of.
 *
 * @param cause What `fetch` threw, or the OciPushError made of it.
 * @returns The kind, for those who try something else.
 */
export function networkProblem(cause: unknown): NetworkProblem {
  return find(textOf(cause)).problem;
}

/** Options of {@linkcode withNetworkErrors}. */
export interface NetworkErrorsOptions {
  /** Host and port as named in the reference. */
  registry: string;
  /** Which end of a copy it is. */
  side?: Side;
  /** Where the registry is reached. */
  base: URL;
}

/**
 * Puts failures of the network into words; what a signal ends is handed on as it is.
 *
 * @param options Who is being talked to.
 * @returns The wrapper.
 */
export function withNetworkErrors(options: NetworkErrorsOptions): Wrapper {
  const { registry, side, base } = options;
  return (next) => async (url, init) => {
    try {
      return await next(url, init);
    } catch (cause) {
      init.signal?.throwIfAborted();
      const who = url.host === base.host ? registry : `${url.host} for ${registry}`;
      // A body that is read from elsewhere while it is sent can break there.
      if (init.body instanceof ReadableStream && networkProblem(cause) === "body") {
        throw bodyBroke(cause, `cannot send to ${who}${inBrackets(side)}`, options);
      }
      throw describeNetworkError(cause, {
        action: `cannot reach ${who}${inBrackets(side)}`,
        registry,
        ...(side && { side }),
      });
    }
  };
}

function bodyBroke(cause: unknown, action: string, options: NetworkErrorsOptions): OciPushError {
  const { registry, side } = options;
  return new OciPushError(
    "UNREACHABLE",
    `${action}: the connection that the content is read from was cut`,
    {
      terminal: false,
      // What a destination is sent comes from the source; the rest is not known here.
      ...(side === "destination" ? { side: "source" } : { registry }),
    },
    cause,
  );
}

interface Diagnosis {
  match: RegExp;
  problem: NetworkProblem;
  code: ErrorCode;
  terminal: boolean;
  words: (text: string) => string;
  hint?: (action: NetworkAction) => string;
}

const say = (words: string) => () => words;

function trustHint({ registry, side }: NetworkAction): string {
  const skip = side === undefined
    ? "--insecure-skip-tls-verify"
    : `--${side === "source" ? "src" : "dest"}-insecure-skip-tls-verify`;
  return `--ca-file FILE with its authority's certificate, or the same as ` +
    `/etc/docker/certs.d/${registry}/ca.crt; ${skip} checks nothing at all`;
}

function plainHttpHint({ registry }: NetworkAction): string {
  return `if plain http is meant: --endpoint ${registry}=http://${registry}`;
}

const CERTIFICATE = { problem: "certificate", code: "TLS", terminal: true } as const;
const UNREACHABLE = { problem: "broken", code: "UNREACHABLE", terminal: false } as const;

const DIAGNOSES: Diagnosis[] = [
  {
    match: /^NotCapable|Requires net access/,
    problem: "forbidden",
    code: "PERMISSION",
    terminal: true,
    words: (text) => `the network is not allowed (${/net access to "([^"]*)"/.exec(text)?.[1]})`,
    hint: () => "run Deno with --allow-net",
  },
  {
    match: /Requests to port \d+ are blocked/,
    problem: "forbidden",
    code: "UNREACHABLE",
    terminal: true,
    words: (text) => `port ${/port (\d+)/.exec(text)?.[1]} is one that fetch refuses to use`,
    hint: ({ registry }) => `let it listen on another port: --endpoint ${registry}=URL`,
  },
  {
    match: /connection refused|ECONNREFUSED|actively refused/i,
    problem: "refused",
    code: "UNREACHABLE",
    terminal: false,
    words: say("connection refused, nothing listens there"),
    hint: () => "is it running, and is the port right?",
  },
  {
    match: /temporary failure in name resolution|EAI_AGAIN/i,
    problem: "name",
    code: "UNREACHABLE",
    terminal: false,
    words: say("its name cannot be looked up, no name server answers"),
  },
  {
    match: /dns error|failed to lookup address|ENOTFOUND|getaddrinfo/i,
    problem: "name",
    code: "UNREACHABLE",
    terminal: true,
    words: say("there is no host of this name"),
    hint: () => "is the name right, and is this the network that knows it?",
  },
  {
    match: /UnknownIssuer|self.signed certificate|unable to (?:verify|get) .*certificate/i,
    ...CERTIFICATE,
    words: say("its certificate was issued by an authority that is not trusted here"),
    hint: trustHint,
  },
  {
    match: /CaUsedAsEndEntity/,
    ...CERTIFICATE,
    words: say("its certificate is self-signed, and an authority's instead of a server's"),
    hint: (action) => `give it a certificate of its own (CA:FALSE); ${trustHint(action)}`,
  },
  {
    match: /certificate not valid for name|NotValidForName|ERR_TLS_CERT_ALTNAME_INVALID/i,
    ...CERTIFICATE,
    words: (text) => {
      const names = /only valid for (.+)$/.exec(text)?.[1];
      return `its certificate is for another name${names ? `: ${cleanText(names, 120)}` : ""}`;
    },
    hint: (action) => `use a name that the certificate has; ${trustHint(action)}`,
  },
  {
    match: /peer certificate: (?:Expired|certificate expired)|CERT_HAS_EXPIRED/i,
    ...CERTIFICATE,
    words: say("its certificate has expired"),
    hint: (action) =>
      `is the clock right here? else it has to be renewed there; ${trustHint(action)}`,
  },
  {
    match: /NotValidYet|not valid yet|CERT_NOT_YET_VALID/i,
    ...CERTIFICATE,
    words: say("its certificate is not valid yet"),
    hint: (action) => `is the clock right here? ${trustHint(action)}`,
  },
  {
    match: /invalid peer certificate|peer sent no certificates/i,
    ...CERTIFICATE,
    words: (text) =>
      `its certificate is refused (${
        cleanText(/certificate: (.+)$/i.exec(text)?.[1] ?? "none", 120)
      })`,
    hint: trustHint,
  },
  {
    match: /received fatal alert: (?:CertificateRequired|BadCertificate|UnknownCA)/i,
    ...CERTIFICATE,
    words: say("it wants a client certificate that it knows"),
    hint: ({ registry }) => `client.cert and client.key belong in /etc/docker/certs.d/${registry}`,
  },
  {
    match: /received fatal alert|handshake.?failure/i,
    ...CERTIFICATE,
    words: (text) => `it ended the TLS handshake (${/alert: (\w+)/.exec(text)?.[1] ?? "alert"})`,
  },
  {
    match: /received corrupt message|WRONG_VERSION_NUMBER|packet length too long/i,
    problem: "not-tls",
    code: "TLS",
    terminal: true,
    words: say("it does not speak TLS on this port"),
    hint: plainHttpHint,
  },
  {
    match: /invalid HTTP|HPE_INVALID|message head is too large/i,
    problem: "not-http",
    code: "UNREACHABLE",
    terminal: true,
    words: say("what answers there does not speak http"),
    hint: ({ registry }) => `if TLS is meant: --endpoint ${registry}=https://${registry}`,
  },
  {
    match: /error reading a body|TypeError: terminated|error decoding response body/i,
    ...UNREACHABLE,
    problem: "body",
    words: say("the connection was cut in the middle of the answer"),
  },
  {
    match: /^TimeoutError: (no answer for .*?)(?: <- |$)/,
    problem: "silence",
    code: "TIMEOUT",
    terminal: false,
    words: (text) => /no answer for [^<]*/.exec(text)![0].trim(),
    hint: () => "--stall-timeout allows for more",
  },
  {
    match: /TimeoutError|timed out|ETIMEDOUT|CONNECT_TIMEOUT/i,
    problem: "silence",
    code: "TIMEOUT",
    terminal: false,
    words: say("it does not answer"),
  },
  {
    match: /no route to host|network is unreachable|EHOSTUNREACH|ENETUNREACH/i,
    ...UNREACHABLE,
    words: say("no way leads there from this network"),
  },
  {
    match: /tls handshake eof/i,
    ...UNREACHABLE,
    words: say("it closed the connection during the TLS handshake"),
    hint: plainHttpHint,
  },
  {
    match: /connection closed|connection reset|broken pipe|ECONNRESET|EPIPE|other side closed/i,
    ...UNREACHABLE,
    words: say("it closed the connection before it answered"),
  },
  {
    match: /tunnel|proxy/i,
    ...UNREACHABLE,
    words: (text) => `the proxy does not let it through (${rawWords(text)})`,
    hint: () => "HTTPS_PROXY, HTTP_PROXY and NO_PROXY say which proxy is used",
  },
];

const UNKNOWN: Diagnosis = { match: /^/, ...UNREACHABLE, words: (text) => rawWords(text) };

function find(text: string): Diagnosis {
  return DIAGNOSES.find(({ match }) => match.test(text)) ?? UNKNOWN;
}

/** The names, codes and messages of a chain of causes, outermost first. */
function textOf(cause: unknown): string {
  const parts: string[] = [];
  for (let at = cause; at !== undefined && parts.length < 5;) {
    if (!(at instanceof Error)) {
      parts.push(String(at));
      break;
    }
    const { code } = at as { code?: unknown };
    // Our own words would match themselves; what they were made of stands below them.
    if (!(at instanceof OciPushError)) {
      parts.push(`${at.name}: ${typeof code === "string" ? `${code} ` : ""}${at.message}`);
    }
    at = at.cause;
  }
  return parts.join(" <- ");
}

/** The innermost message, without the URL: upload addresses and signed ones hold secrets. */
function rawWords(text: string): string {
  const last = text.split(" <- ").at(-1)!;
  return cleanText(
    last.replace(/^\w+: /, "").replace(/^error sending request .*?: client error/, "client error"),
    160,
  ).replaceAll(/https?:\/\/\S+/g, "URL");
}
