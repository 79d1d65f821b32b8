/**
 * Freight: the artifacts that a promotion is about.
 *
 * @module
 */

/** Artifacts that belong together, as a warehouse put them. */
export interface Freight {
  /** Its name; absent for what was put together on the command line. */
  name?: string;
  /** Its other, friendlier name. */
  alias?: string;
  /** The warehouse it comes from. */
  origin?: string;
  /** Container images. */
  images: FreightImage[];
  /** Helm charts. */
  charts: FreightChart[];
  /** Git commits. */
  commits: FreightCommit[];
}

/** A container image of the freight. */
export interface FreightImage {
  /** The repository, exactly as `imageFrom` names it. */
  repoURL: string;
  /** The tag it was found under. */
  tag?: string;
  /** What the tag named then. */
  digest?: string;
  /** Annotations of the manifest. */
  annotations?: Readonly<Record<string, string>>;
  /** The warehouse it comes from, where it is not the freight's. */
  origin?: string;
}

/** A Helm chart of the freight. */
export interface FreightChart {
  /** The repository, with `oci://` where it is a registry. */
  repoURL: string;
  /** The chart's name in a classic repository. */
  name?: string;
  /** Its version. */
  version: string;
  /** The warehouse it comes from, where it is not the freight's. */
  origin?: string;
}

/** A Git commit of the freight. */
export interface FreightCommit {
  /** The repository. */
  repoURL: string;
  /** The commit's hash. */
  id: string;
  /** The branch it was found on. */
  branch?: string;
  /** The tag it was found under. */
  tag?: string;
  /** Its subject line. */
  message?: string;
  /** Who wrote it. */
  author?: string;
  /** Who committed it. */
  committer?: string;
  /** The warehouse it comes from, where it is not the freight's. */
  origin?: string;
}
