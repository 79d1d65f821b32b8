/**
 * A bounded `Promise.all` over a function.
 *
 * @module
 */

/**
 * Calls a function for every item, a bounded number at the same time.
 *
 * The first failure is thrown after the calls under way have ended, so that nothing goes on behind
 * the caller's back.
 *
 * @param items What to call it with.
 * @param options How many calls may be under way.
 * @param call What to do with an item.
 * @returns The results, in the order of the items.
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  options: { concurrency: number },
  call: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let failure: { error: unknown } | undefined;
  const work = async () => {
    while (next < items.length && !failure) {
      const i = next++;
      try {
        results[i] = await call(items[i]!);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, items.length) }, work));
  if (failure) throw failure.error;
  return results;
}
