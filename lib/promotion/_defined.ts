/**
 * Leaving out what is not there.
 *
 * @module
 */

/** A record whose undefined values are absent keys. */
export type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/**
 * Drops the keys whose values are undefined, so that results compare equal and print clean.
 *
 * @param values A record of this room's own.
 * @returns A copy without them.
 */
export function defined<T extends object>(values: T): Defined<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}
