/** What compiled decorators call (`experimentalDecorators`): what TypeScript's own helpers do. */

type Decorator = (target: object, key?: PropertyKey, descriptor?: PropertyDescriptor | number) => unknown;

function decorate(decorators: readonly (Decorator | undefined)[], target: object, key?: PropertyKey, given?: PropertyDescriptor | null): unknown {
  const isClass = key === undefined;
  let result: unknown = isClass ? target : given === null ? Object.getOwnPropertyDescriptor(target, key) : given;
  for (const each of decorators.toReversed()) {
    if (each) result = (isClass ? each(result as object) : each(target, key, result as PropertyDescriptor | undefined)) ?? result;
  }
  if (!isClass && result) Object.defineProperty(target, key, result as PropertyDescriptor);
  return result;
}

const decorateParam = (index: number, decorator: Decorator): Decorator => (target, key) => void decorator(target, key, index);

/** Under the names of either compiler: tests of decorators call TypeScript's. */
export const DECORATOR_HELPERS = {
  babelHelpers: {
    decorate,
    decorateParam,
    decorateMetadata: (key: string, value: unknown): Decorator | undefined => (Reflect as { metadata?: (key: string, value: unknown) => Decorator }).metadata?.(key, value),
  },
  __decorate: decorate,
  __param: decorateParam,
} as const;
