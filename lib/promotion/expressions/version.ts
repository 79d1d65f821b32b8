/**
 * Semantic versions, as `semverParse` and `semverDiff` see them.
 *
 * @module
 */

// @ts-types="./semver_parse.d.ts"
import parse from "npm:semver@7.8.6/functions/parse.js";
import { quoted, Refusal } from "./refusal.ts";
import { Entity } from "./value.ts";

/** The parts of a version. */
interface Version {
  major: number;
  minor: number;
  patch: number;
  prerelease: string;
  metadata: string;
}

// Kargo's parser takes v1, v1.2 and 1.2-rc.1 too; the missing numbers are 0.
const LOOSE = /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?([-+].*)?$/s;

/**
 * Parses a version; its parts are read by methods.
 *
 * @param text e.g. `v1.2.3-rc.1+build`, with or without the `v`, minor and patch optional.
 * @returns The version, with `Major`, `Minor`, `Patch`, `Prerelease`, `Metadata`, `IncMajor`,
 * `IncMinor`, `IncPatch` and `String`.
 * @throws {Refusal} For what is no version.
 */
export function parseVersion(text: string): Entity {
  const version = read(text);
  if (version) return versionEntity(version);
  throw new Refusal(
    `${quoted(text)} is no semantic version`,
    "a version looks like 1.2.3 or v1.2.3",
  );
}

/**
 * Names the greatest part in which two versions differ.
 *
 * @param a One version.
 * @param b The other.
 * @returns `Major`, `Minor`, `Patch`, `Metadata`, `None`, or `Incomparable` where one is no version.
 */
export function diffVersions(a: string, b: string): string {
  const [left, right] = [read(a), read(b)];
  if (!left || !right) return "Incomparable";
  if (left.major !== right.major) return "Major";
  if (left.minor !== right.minor) return "Minor";
  if (left.patch !== right.patch) return "Patch";
  return left.metadata === right.metadata ? "None" : "Metadata";
}

function read(text: string): Version | undefined {
  const [whole, major, minor = "0", patch = "0", rest = ""] = LOOSE.exec(text) ?? [];
  const parsed = whole === undefined ? null : parse(`${major}.${minor}.${patch}${rest}`);
  if (!parsed) return undefined;
  return {
    major: parsed.major,
    minor: parsed.minor,
    patch: parsed.patch,
    prerelease: parsed.prerelease.join("."),
    metadata: parsed.build.join("."),
  };
}

function versionEntity(version: Version): Entity {
  const { major, minor, patch, prerelease, metadata } = version;
  const text = `${major}.${minor}.${patch}${prerelease && `-${prerelease}`}${
    metadata && `+${metadata}`
  }`;
  const next = (numbers: Pick<Version, "major" | "minor" | "patch">) =>
    versionEntity({ ...numbers, prerelease: "", metadata: "" });
  return new Entity("a version", {
    text,
    methods: {
      Major: () => major,
      Minor: () => minor,
      Patch: () => patch,
      Prerelease: () => prerelease,
      Metadata: () => metadata,
      IncMajor: () => next({ major: major + 1, minor: 0, patch: 0 }),
      IncMinor: () => next({ major, minor: minor + 1, patch: 0 }),
      // What comes after a prerelease of 1.2.3 is 1.2.3 itself.
      IncPatch: () => next({ major, minor, patch: prerelease ? patch : patch + 1 }),
      String: () => text,
    },
  });
}
