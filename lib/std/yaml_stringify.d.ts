/** Options of {@linkcode stringify}. */
export interface StringifyOptions {
  /** Spaces per level. @default {2} */
  indent?: number;
  /** Longest line. @default {80} */
  lineWidth?: number;
  /** Leaves out what YAML cannot say instead of throwing. @default {false} */
  skipInvalid?: boolean;
}

/** Formats a value as one YAML document; throws a `TypeError` for a value YAML cannot hold. */
export function stringify(data: unknown, options?: StringifyOptions): string;
