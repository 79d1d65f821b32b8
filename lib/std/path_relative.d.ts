/** The way from one path to another. */
export declare function relative(from: string, to: string): string;
