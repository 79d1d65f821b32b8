// deno-lint-ignore-file no-explicit-any
type Class<T> = abstract new (...args: any[]) => T;

/** What every assertion throws. */
export class AssertionError extends Error {}
/** Fails unless the value is truthy. */
export function assert(expr: unknown, msg?: string): asserts expr;
/** Fails unless both are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void;
/** Fails if both are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;
/** Fails on null and undefined. */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T>;
/** Fails unless actual > expected. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void;
/** Fails unless actual < expected. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void;
/** Fails unless actual <= expected. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void;
/** Fails unless the value is of the class. */
export function assertInstanceOf<T>(
  actual: unknown,
  expectedType: Class<T>,
  msg?: string,
): asserts actual is T;
/** Fails unless the text matches. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void;
/** Fails unless the text holds the other. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void;
/** Fails at once. */
export function fail(msg?: string): never;
/** Fails unless the function throws; returns what it threw. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass?: Class<E>,
  msgIncludes?: string,
): E;
/** Fails unless the promise is rejected; resolves to the reason. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass?: Class<E>,
  msgIncludes?: string,
): Promise<E>;
