/** Whether a path begins at a root. */
export declare function isAbsolute(path: string): boolean;
