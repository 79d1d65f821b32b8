/**
 * Bodies of strangers, read up to a bound.
 *
 * @module
 */

/**
 * Reads a body as long as it stays within a bound; what arrives counts, not what was announced.
 *
 * @param response The answer; its body is used up or cancelled.
 * @param limit The most bytes to take.
 * @returns The bytes, or undefined where there are more.
 */
export async function readAtMost(
  response: Response,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const announced = Number(response.headers.get("content-length") ?? NaN);
  if (announced > limit) {
    await response.body?.cancel();
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
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
 * @param limit The most bytes to take.
 * @returns The text, cut at the limit; empty where the body breaks.
 */
export async function readText(response: Response, limit = 8192): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length >= limit) return text.slice(0, limit);
    }
  } catch {
    // a broken error body says less, not nothing
  }
  return text;
}
