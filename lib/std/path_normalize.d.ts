/** Resolves `.` and `..` within a path. */
export declare function normalize(path: string): string;
