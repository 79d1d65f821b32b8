/**
 * One thing at a time, per key.
 *
 * @module
 */

/** Runs a task once those of the same key that came before have ended. */
export type Exclusive = <T>(key: string, task: () => Promise<T>) => Promise<T>;

/**
 * Makes a set of queues, one per key; a queue is gone once it is empty.
 *
 * @returns The function that runs a task in its turn.
 */
export function createExclusive(): Exclusive {
  const last = new Map<string, Promise<unknown>>();
  return (key, task) => {
    // A task that failed has told its own caller.
    const before = last.get(key)?.catch(() => {}) ?? Promise.resolve();
    const turn = before.then(task);
    last.set(key, turn);
    const leave = () => {
      if (last.get(key) === turn) last.delete(key);
    };
    turn.then(leave, leave);
    return turn;
  };
}
