/**
 * Bodies of strangers, read up to a bound in length and in silence.
 *
 * @module
 */

import { after } from "./after.ts";

/** Options of {@linkcode readAtMost} and {@linkcode readText}. */
export interface ReadOptions {
  /** The longest silence, in milliseconds. @default {60_000} */
  stallTimeout?: number | undefined;
  /** Ends the reading. */
  signal?: AbortSignal | null;
}

/** Options of {@linkcode readText}. */
export interface ReadTextOptions extends ReadOptions {
  /** The most characters to take. @default {8192} */
  limit?: number;
}

/**
 * Reads a body as long as it stays within a bound; what arrives counts, not what was announced.
 *
 * @param response The answer; its body is used up or cancelled.
 * @param limit The most bytes to take.
 * @param options How long to wait for more.
 * @returns The bytes, or undefined where there are more.
 * @throws A `TypeError` when the connection breaks, a `TimeoutError` when it falls silent, the
 * signal's reason when the request was aborted.
 */
export async function readAtMost(
  response: Response,
  limit: number,
  options: ReadOptions = {},
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const announced = Number(response.headers.get("content-length") ?? NaN);
  if (announced > limit) {
    await response.body?.cancel();
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of piecesOf(response, options)) {
    length += chunk.length;
    if (length > limit) return undefined; // leaving the loop cancels the body
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/**
 * Reads the beginning of a text, for messages.
 *
 * @param response The answer; its body is used up or cancelled.
 * @param options How much to take, and how long to wait for more.
 * @returns The text, cut at the limit, and where the body breaks or falls silent.
 */
export async function readText(
  response: Response,
  options: ReadTextOptions = {},
): Promise<string> {
  const { limit = 8192 } = options;
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of piecesOf(response, options)) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length >= limit) return text.slice(0, limit);
    }
  } catch {
    // a broken error body says less, not nothing
  }
  return text;
}

/** Pieces of a body as they come; it is let go of at the end, however that comes about. */
async function* piecesOf(
  { body }: Response,
  options: ReadOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (!body) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), options);
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {}); // of a body that broke there is nothing to cancel
  }
}

async function inTime<T>(
  reading: Promise<T>,
  { stallTimeout: ms = 60_000, signal }: ReadOptions,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal!.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  const silence = ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`;
  using _late = after(
    ms,
    () => reject(new DOMException(`nothing came for ${silence}`, "TimeoutError")),
  );
  try {
    return await Promise.race([reading, promise]);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
