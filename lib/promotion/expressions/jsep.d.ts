/** A node as the parser gives it; its other fields depend on the type. */
export interface JsepNode {
  /** e.g. `BinaryExpression`. */
  type: string;
  /** The rest, to be looked at with suspicion. */
  [field: string]: unknown;
}

/** What a hook may call while it reads. */
export interface JsepReader {
  /** Where it is in the text. */
  index: number;
  /** The code of the character there; NaN at the end. */
  readonly code: number;
  /** Skips blanks. */
  gobbleSpaces(): void;
  /** Reads a whole expression. */
  gobbleExpression(): JsepNode | undefined | false;
  /** Reads a string literal. */
  gobbleStringLiteral(): JsepNode;
  /** Reads a name. */
  gobbleIdentifier(): JsepNode;
  /** Reads what may follow a value: members, indexes, calls. */
  gobbleTokenProperty(node: JsepNode): JsepNode;
  /** Ends the parse. */
  throwError(message: string): never;
}

/** A function called at a certain point of the parse, with the reader as `this`. */
export type JsepHook = (this: JsepReader, env: { node?: JsepNode | undefined | false }) => void;

/** The parser; its grammar is static, shared by all who import it. */
export class Jsep {
  /** Begins to read an expression. */
  constructor(text: string);
  /** Reads it. */
  parse(): JsepNode;
  /** Operators before a value. */
  static unary_ops: Record<string, number>;
  /** Operators between values, with their precedence. */
  static binary_ops: Record<string, number>;
  /** Those that group from the right. */
  static right_associative: Set<string>;
  /** Names that are values. */
  static literals: Record<string, unknown>;
  /** Length of the longest operator before a value. */
  static max_unop_len: number;
  /** Length of the longest operator between values. */
  static max_binop_len: number;
  /** Functions called during the parse, and how to call them. */
  static hooks: object;
}
