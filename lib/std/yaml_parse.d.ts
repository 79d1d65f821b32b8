/** Options of {@linkcode parse} and {@linkcode parseAll}. */
export interface ParseOptions {
  /** The set of types that plain scalars resolve to. @default {"default"} */
  schema?: "core" | "default" | "failsafe" | "json" | "extended";
  /** Lets the last of several equal keys win instead of throwing. @default {false} */
  allowDuplicateKeys?: boolean;
  /** Called with what is odd but not wrong. */
  onWarning?(error: Error): void;
}

/** Parses one YAML document; throws a `SyntaxError` that names line and column. */
export function parse(content: string, options?: ParseOptions): unknown;

/** Parses every document of a stream; throws a `SyntaxError` that names line and column. */
export function parseAll(content: string, options?: ParseOptions): unknown;
