/**
 * What copy and plan have in common: two references and how to get from one to the other.
 *
 * @module
 */

import { type CopyRequest, parseReferences } from "../copy_request.ts";
import { parseAnnotations } from "../oci/annotation.ts";
import { checkConnection, type ConnectionFlags, connectionNotes } from "./connection.ts";
import type { Values } from "./flag.ts";
import type { ANNOTATION, OUTPUT } from "./flags.ts";
import type { Io } from "./io.ts";
import { checkGithub } from "./output/github.ts";
import { usageError } from "./usage_error.ts";
import type { Words } from "./words.ts";

/** The flags of copy and plan. */
export type CopyFlags = ConnectionFlags & typeof ANNOTATION & typeof OUTPUT.flags;

/** A copy as the command line asks for it. */
export interface CopyCall {
  /** What is to be copied. */
  request: CopyRequest;
  /** What the flags say. */
  values: Values<CopyFlags>;
  /** What the reader should know beforehand. */
  notes: string[];
}

/**
 * Understands the words of copy and plan.
 *
 * @param words The words.
 * @param io The environment.
 * @returns The call.
 * @throws {OciPushError} `INVALID_REFERENCE` and `INVALID_ARGUMENT` for what cannot be meant.
 */
export function readCopyCall(words: Words<CopyFlags>, io: Pick<Io, "env">): CopyCall {
  const { names, values } = words;
  const [srcRef, destRef, ...rest] = names.map(withoutTransport);
  if (srcRef === undefined || destRef === undefined) {
    throw usageError(
      srcRef === undefined
        ? "cannot copy: source and destination are missing"
        : `cannot copy ${srcRef}: the destination is missing`,
      "name both: SRC HOST/PATH:TAG or HOST/PATH@DIGEST, DEST HOST/PATH:TAG",
    );
  }
  if (rest[0] !== undefined) {
    throw usageError(`cannot copy: "${rest[0]}" is one word too many`, "name two references");
  }
  const annotations = unique(values.annotation);
  const request: CopyRequest = {
    srcRef,
    destRef,
    ...(values.annotation.length > 0 && { annotations }),
    ...(values.insecureSkipTlsVerify && { insecureSkipTLSVerify: true }),
  };
  parseReferences(request);
  parseAnnotations(annotations);
  checkConnection(values);
  if (values.githubOutput) checkGithub(io);
  const pasted = names.filter((name) => name !== withoutTransport(name));
  const notes = pasted.map((name) => `${name} is read without its docker://`);
  return { request, values, notes: [...notes, ...connectionNotes(values)] };
}

function unique(annotations: [key: string, value: string][]): Record<string, string> {
  const keys = annotations.map(([key]) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice === undefined) return Object.fromEntries(annotations);
  throw usageError(`cannot annotate: ${twice} is given twice`, "give every key once");
}

/** People paste what skopeo and podman want. */
function withoutTransport(name: string): string {
  return name.replace(/^docker:\/\//, "");
}
