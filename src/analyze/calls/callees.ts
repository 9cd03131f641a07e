/** What functions of known names do with functions they are given, wherever nothing better is known about them. */
import { CALLING_METHODS } from "../calling-methods.ts";
import { REGISTERING } from "../live/callees.ts";

const list = (names: string): ReadonlySet<string> => new Set(names.split(" "));

/** They call it before they return, or before anybody has their result. */
export const CALLING: ReadonlySet<string> = new Set([...CALLING_METHODS, ...list("from groupBy replace replaceAll then finally")]);

/** Methods of collections and primitives that call nothing of what these hold. */
export const QUIET: ReadonlySet<string> = new Set([
  ...CALLING,
  ...list("add at clear concat delete entries fill get has includes indexOf join keys pop push set shift slice splice unshift values catch"),
  ...list("charAt charCodeAt codePointAt endsWith flat lastIndexOf localeCompare match matchAll normalize padEnd padStart repeat reverse split startsWith substring test toFixed toLowerCase toReversed toSpliced toUpperCase trim trimEnd trimStart with"),
]);

/** They keep it, for what happens later. */
export const KEEPING: ReadonlySet<string> = new Set([
  ...REGISTERING,
  ...list("setTimeout setImmediate queueMicrotask nextTick createServer createSecureServer listen bind promisify callbackify debounce throttle unref"),
]);

/** They keep it as well, if nobody asks for their result: route tables and the like. */
export const KEEPING_ALONE: ReadonlySet<string> = new Set([
  ...list("get head post put patch delete del options all use route param ws any register handle handler command action option hook addHook decorate plugin event connect"),
  ...list("middleware resolver job schedule cron task observe watch process consume listenTo off removeListener removeEventListener catch push unshift add set enqueue defineProperty assign ="),
]);

/** Methods that put it into the object they are called on; `=` stands for an assignment to a property. */
export const FILLING: ReadonlySet<string> = list("push unshift splice fill add set enqueue =");

/** Of Node.js' own modules, those that call it; all others keep it. */
export const CALLING_BUILTINS: ReadonlySet<string> = list("run runInAsyncScope throws doesNotThrow rejects doesNotReject exit enterWith describe suite it test");

/** Global functions and objects that call nothing they are given, but for those above. */
export const QUIET_GLOBALS: ReadonlySet<string> = list(
  "Object Array Map Set WeakMap WeakSet WeakRef FinalizationRegistry Promise JSON Math Number String Boolean Symbol BigInt Date RegExp Intl Reflect Proxy Error TypeError RangeError AggregateError console process globalThis setTimeout setInterval setImmediate queueMicrotask clearTimeout clearInterval clearImmediate structuredClone parseInt parseFloat isNaN isFinite Buffer URL URLSearchParams TextEncoder TextDecoder AbortController AbortSignal EventTarget Event fetch Response Request Headers require",
);

/** Global classes whose constructors call no method of their instance. */
export const PLAIN_PARENTS: ReadonlySet<string> = list("Object Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError EventTarget Event");

/** The language calls them by itself. */
export const IMPLICIT: ReadonlySet<string> = list("toString valueOf toJSON then next return throw");
