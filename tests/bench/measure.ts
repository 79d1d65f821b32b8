/**
 * One run of one whole process, as the operating system accounts for it.
 *
 * @module
 */

/** What a run took. */
export interface Run {
  /** Seconds. */
  wall: number;
  /** Seconds, user and system. */
  cpu: number;
  /** Megabytes, the largest resident set. */
  memory: number;
}

/** Runs a command under GNU time; throws what it printed if it fails. */
export async function measure(command: string[], env: Record<string, string>): Promise<Run> {
  const figures = await Deno.makeTempFile();
  try {
    const started = performance.now();
    const { code, stderr } = await new Deno.Command("/usr/bin/time", {
      args: ["-q", "-o", figures, "-f", "%U %S %M", ...command],
      env,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    // GNU time counts hundredths; a short run is better timed from here.
    const wall = (performance.now() - started) / 1000;
    if (code !== 0) throw new Error(`${command.join(" ")}: ${new TextDecoder().decode(stderr)}`);
    const [user, system, kilobytes] = (await Deno.readTextFile(figures)).trim().split(" ")
      .map(Number) as [number, number, number];
    return { wall, cpu: user + system, memory: kilobytes / 1024 };
  } finally {
    await Deno.remove(figures);
  }
}

/** The middle one of the values. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
