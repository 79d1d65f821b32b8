/**
 * The one error class of oci-push, and the closed set of its codes.
 *
 * @module
 */

/**
 * What went wrong, in a word that scripts may rely on; codes are only ever added.
 *
 * The ones a registry sends keep the distribution specification's names where ours say no more.
 */
export type ErrorCode =
  // The caller's words
  | "INVALID_REFERENCE"
  | "INVALID_ARGUMENT"
  | "INVALID_DOCUMENT"
  | "INVALID_EXPRESSION"
  | "INVALID_CREDENTIALS"
  // What the source holds
  | "REPOSITORY_NOT_FOUND"
  | "TAG_NOT_FOUND"
  | "MANIFEST_NOT_FOUND"
  | "BLOB_NOT_FOUND"
  | "MANIFEST_INVALID"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "DIGEST_MISMATCH"
  | "SOURCE_CORRUPT"
  | "SIZE_LIMIT"
  // What the destination says
  | "CONTENT_MISSING"
  | "TAG_EXISTS"
  | "TAG_IMMUTABLE"
  | "TOO_LARGE"
  | "QUOTA"
  | "UNSUPPORTED"
  // Who may
  | "UNAUTHORIZED"
  | "DENIED"
  // The way there
  | "UNREACHABLE"
  | "TLS"
  | "TIMEOUT"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
  | "REGISTRY_BROKEN"
  // This machine
  | "PERMISSION"
  | "FILE"
  | "WORKER"
  | "STEP_FAILED"
  | "INTERNAL";

/** Which end of a copy an error is about. */
export type Side = "source" | "destination";

/** The facts behind an {@linkcode OciPushError}; plain data, never a secret. */
export interface ErrorDetails {
  /** True when another try cannot help: exit code 1, not 75. */
  terminal: boolean;
  /** The end of the copy that failed. */
  side?: Side;
  /** Host and port, as named in the reference. */
  registry?: string;
  /** The path under the registry. */
  repository?: string;
  /** The tag or digest that was asked for. */
  tagOrDigest?: string;
  /** The digest of the blob or manifest concerned. */
  digest?: string;
  /** HTTP status of the answer. */
  status?: number;
  /** The registry's own error code, e.g. `MANIFEST_UNKNOWN`. */
  registryCode?: string;
  /** How many requests were made for this before giving up. */
  attempts?: number;
  /** Seconds that the registry asked to wait. */
  retryAfter?: number;
  /** What was tried, e.g. where the credential came from. */
  did?: string;
  /** What the reader can do about it. */
  hint?: string;
  /** Whether the destination's tag moved; false unless said. */
  tagChanged?: boolean;
  /** The file that a promotion or a credential was read from. */
  file?: string;
  /** The line in that file, counted from 1. */
  line?: number;
  /** Where in the document, e.g. `steps[1].config.srcRef`. */
  path?: string;
}

/**
 * Everything that oci-push throws on purpose.
 *
 * The message begins with the action that failed and says what happened; `details.hint` says what
 * to try. A caller's abort is not wrapped: `signal.reason` comes out untouched.
 *
 * @example Telling failures apart
 * ```ts
 * const error = new OciPushError("TAG_NOT_FOUND", 'cannot read "app:v2": no such tag', {
 *   terminal: true,
 * });
 * if (error.code === "TAG_NOT_FOUND") console.assert(error.terminal);
 * ```
 */
export class OciPushError extends Error {
  /** Always "OciPushError", also where classes were loaded twice. */
  override readonly name = "OciPushError";

  /**
   * Makes an error; `terminal` has to be decided here, where the cause is known.
   *
   * @param code The class of the failure.
   * @param message What was being done, to what, and what happened.
   * @param details The facts, for programs.
   * @param cause The error underneath, if there is one.
   */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }

  /** True when another try cannot help. */
  get terminal(): boolean {
    return this.details.terminal;
  }

  /** What to try, if there is advice. */
  get hint(): string | undefined {
    return this.details.hint;
  }

  /** For `--format json`, and for `postMessage`, in which an Error loses its fields. */
  toJSON(): { code: ErrorCode; message: string } & ErrorDetails {
    return { code: this.code, message: this.message, ...this.details };
  }

  /**
   * The inverse of {@linkcode OciPushError.toJSON}.
   *
   * @param data What `toJSON` gave.
   * @returns An error with the same code, message and details.
   */
  static fromJSON(data: { code: ErrorCode; message: string } & ErrorDetails): OciPushError {
    const { code, message, ...details } = data;
    return new OciPushError(code, message, details);
  }

  /**
   * The same failure with facts added that only the caller knows.
   *
   * @param more Details that replace or complete those there.
   * @returns A new error with the same code, message and cause.
   */
  with(more: Partial<ErrorDetails>): OciPushError {
    return new OciPushError(this.code, this.message, { ...this.details, ...more }, this.cause);
  }
}
