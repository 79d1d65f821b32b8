/**
 * Layers: gzip'd tar archives of a few small files.
 *
 * @module
 */

import { type Digest, digestOf } from "../../oci/digest.ts";

const BLOCK = 512;

/** A layer, and what a config says of it. */
export interface Tarball {
  /** The archive, gzip'd. */
  zipped: Uint8Array<ArrayBuffer>;
  /** The digest of the archive before gzip. Follows image-spec `config.md`, "Layer DiffID". */
  diffId: Digest;
}

/**
 * Packs files into a layer.
 *
 * Follows POSIX ustar: a header and the content of each file in blocks of 512 bytes, then two empty
 * blocks. Names are short and times are zero, so the same files give the same digest.
 *
 * @param files Texts by path.
 * @returns The layer.
 */
export async function tarball(files: Record<string, string>): Promise<Tarball> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (const [path, text] of Object.entries(files)) {
    const content = new TextEncoder().encode(text);
    const padding = new Uint8Array((BLOCK - content.length % BLOCK) % BLOCK);
    parts.push(header(path, content.length), content, padding);
  }
  parts.push(new Uint8Array(2 * BLOCK));
  const archive = new Blob(parts);
  const zipped = archive.stream().pipeThrough(new CompressionStream("gzip"));
  return {
    zipped: new Uint8Array(await new Response(zipped).arrayBuffer()),
    diffId: await digestOf(new Uint8Array(await archive.arrayBuffer())),
  };
}

function header(path: string, size: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK);
  const write = (text: string, at: number) => block.set(new TextEncoder().encode(text), at);
  const octal = (value: number, length: number) => value.toString(8).padStart(length, "0");
  write(path, 0);
  write("0000644\0", 100); // mode
  write("0000000\0", 108); // owner
  write("0000000\0", 116); // group
  write(`${octal(size, 11)}\0`, 124);
  write(`${octal(0, 11)}\0`, 136); // time
  write("        0", 148); // the checksum counts as spaces; a plain file
  write("ustar\x0000", 257);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  write(`${octal(checksum, 6)}\0 `, 148);
  return block;
}
