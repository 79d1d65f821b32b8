/** The parts of a semantic version. */
export interface SemVer {
  /** The first number. */
  major: number;
  /** The second number. */
  minor: number;
  /** The third number. */
  patch: number;
  /** What stands after the dash. */
  prerelease: readonly (string | number)[];
  /** What stands after the plus. */
  build: readonly string[];
}

/** Parses a semantic version; null where it is none. */
export default function parse(version: string): SemVer | null;
