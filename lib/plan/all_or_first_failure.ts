/**
 * Questions that are asked at the same time.
 *
 * @module
 */

/** A question that ends when its signal says so. */
type Question<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Asks several questions at once; the first failure ends the others and is thrown once all have
 * ended, so that no request goes on behind the caller's back.
 *
 * @param signal Ends all of them.
 * @param questions What to ask.
 * @returns The answers, in the order of the questions.
 */
export async function allOrFirstFailure<T extends unknown[]>(
  signal: AbortSignal | null | undefined,
  ...questions: { [K in keyof T]: Question<T[K]> }
): Promise<T> {
  const others = new AbortController();
  const either = signal ? AbortSignal.any([signal, others.signal]) : others.signal;
  let failure: { error: unknown } | undefined;
  const answers = await Promise.all(questions.map(async (ask) => {
    try {
      return await ask(either);
    } catch (error) {
      failure ??= { error };
      others.abort(error);
    }
  }));
  if (failure) throw failure.error;
  return answers as T;
}
