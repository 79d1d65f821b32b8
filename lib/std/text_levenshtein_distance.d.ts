/** How many insertions, deletions and replacements lead from one text to the other. */
export function levenshteinDistance(str1: string, str2: string): number;
