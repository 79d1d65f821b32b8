/** Options of {@linkcode promptSecret}. */
export interface PromptSecretOptions {
  /** What is shown for every character; nothing for an empty text. @default {"*"} */
  mask?: string;
  /** Takes the question away after the answer. @default {false} */
  clear?: boolean;
}

/** Asks on the terminal for a text that is not shown; null where there is no terminal. */
export function promptSecret(message?: string, options?: PromptSecretOptions): string | null;
