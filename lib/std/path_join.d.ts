/** Puts parts of a path together, and normalises it. */
export declare function join(...parts: string[]): string;
