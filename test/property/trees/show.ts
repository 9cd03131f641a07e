/** What calls return and throw, as plain data to compare. */

/** Elements looked at of an iterator. */
const ELEMENTS = 6;

export async function show(value: unknown, depth = 0): Promise<unknown> {
  if (depth > 8) return "…";
  const inner = (each: unknown): Promise<unknown> => show(each, depth + 1);
  if (typeof value === "bigint" || value === undefined || Object.is(value, -0)) return typeof value === "bigint" ? `${value}n` : `<${String(value)}>`;
  if (typeof value === "function") return ["function", value.name, value.length];
  if (typeof value !== "object" || value === null) return value;
  // The engine words its own messages after the source text; see "Not promised" in docs/guard-matrix.md.
  if (value instanceof Error) return value.constructor === Error ? `Error: ${value.message}` : value.name;
  if (value instanceof Promise) return ["promise", await attempt(() => value as Promise<unknown>, depth)];
  if ("closure" in value && typeof value.closure === "function") return ["closure", await attempt(() => (value.closure as (n: number) => unknown)(1), depth)];
  if (value instanceof Map) return ["Map", ...(await all([...value], inner))];
  if (value instanceof Set) return ["Set", ...(await all([...value], inner))];
  if (value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return await all(value, inner);
  if ("next" in value && typeof value.next === "function") return ["iterator", ...(await drain(value as Iterator<unknown> | AsyncIterator<unknown>, depth))];
  return { of: value.constructor?.name, ...Object.fromEntries(await all(Object.entries(value), async ([key, each]) => [key, await inner(each)] as const)) };
}

/** What a call leads to, thrown or not. */
export async function attempt(call: () => unknown, depth = 0): Promise<unknown> {
  try {
    return await show(await call(), depth + 1);
  } catch (error) {
    return ["thrown", await show(error, depth + 1)];
  }
}

/** The rest of an iterator. */
export async function drain(iterator: Iterator<unknown> | AsyncIterator<unknown>, depth = 0): Promise<readonly unknown[]> {
  const shown: unknown[] = [];
  try {
    for (let count = 0; count < ELEMENTS; count++) {
      const { done, value } = await iterator.next();
      shown.push(await show(value, depth + 1));
      if (done === true) break;
    }
  } catch (error) {
    shown.push(["thrown", await show(error, depth + 1)]);
  }
  return shown;
}

/** One after the other: what is shown may run code. */
async function all<T, U>(values: readonly T[], map: (each: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (const each of values) results.push(await map(each));
  return results;
}
