/** Encodes bytes, or a string as UTF-8, in base64 with padding (RFC 4648 §4). */
export function encodeBase64(data: ArrayBuffer | Uint8Array | string): string;

/** Decodes base64; throws a `TypeError` or `RangeError` for what is not. */
export function decodeBase64(b64: string): Uint8Array<ArrayBuffer>;
