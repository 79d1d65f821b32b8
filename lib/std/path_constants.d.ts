/** What stands between the names of a path. */
export declare const SEPARATOR: "/" | "\\";
