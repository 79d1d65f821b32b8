/**
 * Another program, run with limits: it may hang, print without end, or leave children behind.
 *
 * @module
 */

/** The most that is read of each of a program's outputs, in bytes. */
const MAX_OUTPUT = 1024 * 1024;

/** Options of {@linkcode runProgram}. */
export interface RunProgramOptions {
  /** Its words. */
  args: string[];
  /** What it finds on stdin. */
  input: string;
  /** More variables for it. */
  env?: Record<string, string>;
  /** Kills it: the call then throws `signal.reason`. */
  signal: AbortSignal;
}

/** What a program did. */
export interface ProgramOutcome {
  /** Its exit code. */
  code: number;
  /** What it printed. */
  stdout: string;
  /** What it complained about. */
  stderr: string;
}

/**
 * Runs a program to its end, or to the end of our patience.
 *
 * @param program Its name, looked for on the PATH.
 * @param options What it is given.
 * @returns What it did.
 * @throws {RangeError} where it prints more than 1 MiB; it is killed then.
 */
export async function runProgram(
  program: string,
  options: RunProgramOptions,
): Promise<ProgramOutcome> {
  const { args, input, env = {}, signal } = options;
  signal.throwIfAborted();
  const child = new Deno.Command(program, {
    args,
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const outputs = [child.stdout.getReader(), child.stderr.getReader()] as const;
  // Its own children may keep the pipes open: they are let go of, not waited for.
  const stop = () => {
    kill(child);
    for (const output of outputs) output.cancel().catch(() => {});
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const [stdout, stderr] = await Promise.all([
      ...outputs.map(readText),
      give(child.stdin, input),
    ]);
    const { code } = await child.status;
    signal.throwIfAborted();
    return { code, stdout: stdout!, stderr: stderr! };
  } catch (error) {
    stop();
    await child.status;
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function readText(output: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for (let next = await output.read(); !next.done; next = await output.read()) {
    length += next.value.byteLength;
    if (length > MAX_OUTPUT) throw new RangeError(`it prints more than ${MAX_OUTPUT} bytes`);
    text += decoder.decode(next.value, { stream: true });
  }
  return text + decoder.decode();
}

async function give(stdin: WritableStream<Uint8Array>, input: string): Promise<undefined> {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch {
    // it ended without reading: its exit code says more
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // it has ended already
  }
}
