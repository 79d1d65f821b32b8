/**
 * Bodies that have to fit into memory.
 *
 * @module
 */

/**
 * Reads a body, bounded by what arrives and not by what is claimed.
 *
 * @param body The body, if there is one.
 * @param limit The most bytes that it may have.
 * @returns Its bytes; undefined when there are more.
 */
export async function readAtMost(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
