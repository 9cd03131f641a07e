/** Names of functions whose treatment of an argument is known. Receivers are not looked at: see docs/live-code.md. */

const list = (names: string): ReadonlySet<string> => new Set(names.split(" "));

/** Methods that keep their argument and call it again and again. */
export const REGISTERING: ReadonlySet<string> = list("on once addListener addEventListener prependListener prependOnceListener subscribe setInterval");

/** Methods that put their argument into the object they are called on. */
export const COLLECTING: ReadonlySet<string> = list("push unshift splice fill add set enqueue");

/** Methods that call their argument before they return and do not keep it. */
export const CALLING: ReadonlySet<string> = list(
  "map filter forEach reduce reduceRight some every find findIndex findLast findLastIndex flatMap sort toSorted replace replaceAll",
);

/** Those of them that iterators call later, when they are asked for the next value. */
export const LAZY: ReadonlySet<string> = list("map filter flatMap");

/** Methods of iterators whose result is suspended in the iterator. */
export const ITERATOR_METHODS: ReadonlySet<string> = list("map filter flatMap take drop");

/** Methods of iterables that hand out an iterator. */
export const ITERATING: ReadonlySet<string> = list("values keys entries matchAll");

/** Functions that call their argument with, or right behind, the call in flight. */
export const DEFERRING: ReadonlySet<string> = list("then catch finally queueMicrotask nextTick setImmediate");

/** Methods whose result is, or holds, what the object holds. */
export const CARRYING: ReadonlySet<string> = list(
  "map filter flatMap slice concat flat get at pop shift find findLast values entries reverse toReversed sort toSorted splice toSpliced with fill copyWithin reduce bind set add",
);

/** Methods that hand out what a collection holds: if that outlives the call, so does what they return. */
export const HANDING_OUT: ReadonlySet<string> = list("get at find findLast pop shift values entries next");

/** `Object.…`, `Promise.…`: their result is, or holds, their argument. */
export const PASSING_ON: Readonly<Record<string, ReadonlySet<string>>> = {
  Object: list("freeze seal preventExtensions values entries fromEntries create getPrototypeOf"),
  Promise: list("resolve all allSettled race any"),
  Array: list("of"),
};

/** Functions of the language that call their argument before they return. */
export const CALLING_GLOBALS: Readonly<Record<string, ReadonlySet<string>>> = {
  Array: list("from"),
  JSON: list("parse stringify"),
  Object: list("groupBy keys is hasOwn isFrozen"),
  Map: list("groupBy"),
  Reflect: list("apply ownKeys has"),
};

/** `Object.assign(into, …)` and the like put what follows into their first argument. */
export const STORING: Readonly<Record<string, ReadonlySet<string>>> = {
  Object: list("assign defineProperty defineProperties setPrototypeOf"),
  Reflect: list("set defineProperty setPrototypeOf"),
};

/** Global functions that do nothing with a function but look at it. */
export const LOOKING: ReadonlySet<string> = list("Boolean String Number isNaN");

/** Global classes whose constructor keeps its argument in the new object and nowhere else, or nothing. */
export const PLAIN_CLASSES: ReadonlySet<string> = list("Map Set WeakMap WeakSet WeakRef Array Object Proxy");
