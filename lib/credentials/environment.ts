/**
 * The surroundings that say where credentials are kept; tests bring their own.
 *
 * @module
 */

/** What is looked at. */
export interface Environment {
  /** An environment variable; undefined where it is empty, not set, or may not be read. */
  get: (name: string) => string | undefined;
  /** `darwin`, `linux`, `windows`. */
  os: string;
}

/**
 * This process's own surroundings.
 *
 * @returns Variables and the operating system.
 */
export function processEnvironment(): Environment {
  return {
    get(name) {
      try {
        return Deno.env.get(name) || undefined;
      } catch {
        return undefined; // no permission: the same as not set
      }
    },
    os: Deno.build.os,
  };
}

/**
 * The user's home.
 *
 * @param environment The surroundings.
 * @returns Its path; undefined where nothing tells.
 */
export function homeOf({ get, os }: Environment): string | undefined {
  return get("HOME") ?? (os === "windows" ? get("USERPROFILE") : undefined);
}

/**
 * Where docker keeps its configuration.
 *
 * @param environment The surroundings.
 * @returns The path of config.json; undefined where there is no home.
 */
export function dockerConfigFile(environment: Environment): string | undefined {
  const folder = environment.get("DOCKER_CONFIG");
  if (folder) return `${folder}/config.json`;
  const home = homeOf(environment);
  return home && `${home}/.docker/config.json`;
}

/**
 * Where Helm keeps its logins to registries.
 *
 * @param environment The surroundings.
 * @returns The path; undefined where there is no home.
 */
export function helmConfigFile(environment: Environment): string | undefined {
  const { get, os } = environment;
  const file = get("HELM_REGISTRY_CONFIG");
  if (file) return file;
  const home = homeOf(environment);
  const config = get("HELM_CONFIG_HOME") ??
    (get("XDG_CONFIG_HOME") && `${get("XDG_CONFIG_HOME")}/helm`) ??
    (home && (os === "darwin" ? `${home}/Library/Preferences/helm` : `${home}/.config/helm`));
  return config && `${config}/registry/config.json`;
}

/**
 * Where podman and skopeo keep their logins, in the order in which they look.
 *
 * @param environment The surroundings.
 * @returns Paths.
 */
export function podmanAuthFiles(environment: Environment): string[] {
  const { get } = environment;
  const own = get("REGISTRY_AUTH_FILE");
  if (own) return [own];
  const runtime = get("XDG_RUNTIME_DIR");
  const home = homeOf(environment);
  const config = get("XDG_CONFIG_HOME") ?? (home && `${home}/.config`);
  return [
    ...(runtime ? [`${runtime}/containers/auth.json`] : []),
    ...(config ? [`${config}/containers/auth.json`] : []),
  ];
}
