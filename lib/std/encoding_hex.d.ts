/** Encodes bytes, or a string as UTF-8, in lower-case hexadecimal (RFC 4648 §8). */
export function encodeHex(src: string | Uint8Array | ArrayBuffer): string;

/** Decodes hexadecimal of either case; throws a `TypeError` or `RangeError` for what is not. */
export function decodeHex(src: string): Uint8Array<ArrayBuffer>;
