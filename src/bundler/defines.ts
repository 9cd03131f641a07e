/** Names that a bundler's own configuration replaces by expressions, so that nobody has to say it twice. */
import { PROVIDED } from "../manifest/manifest.ts";

interface WebpackLike {
  readonly plugins?: readonly unknown[];
  readonly optimization?: { readonly nodeEnv?: string | false | undefined };
}

/** Of `DefinePlugin`s, and of `mode`. */
export function definesOf({ plugins = [], optimization }: WebpackLike): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const nodeEnv = optimization?.nodeEnv;
  if (typeof nodeEnv === "string") found["process.env.NODE_ENV"] = JSON.stringify(nodeEnv);
  for (const each of plugins) {
    if (typeof each !== "object" || each === null || !/(Define|Provide)Plugin$/.test(each.constructor.name)) continue;
    const { definitions, _args } = each as { readonly definitions?: unknown; readonly _args?: readonly unknown[] };
    const given = definitions ?? _args?.[0];
    if (each.constructor.name.endsWith("DefinePlugin")) add(found, "", given);
    else Object.assign(found, provided(Object.keys(typeof given === "object" && given !== null ? given : {})));
  }
  return found;
}

/**
 * Names for which the bundler imports something. A patch that names one is refused (HF1404): it would get the global of that
 * name, or nothing.
 */
export function provided(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.filter((name) => !name.includes(".")).map((name) => [name, PROVIDED]));
}

/** Of Rolldown's `transform`. */
export function rolldownDefines(transform: { readonly define?: Readonly<Record<string, string>> | undefined; readonly inject?: Readonly<Record<string, unknown>> | undefined } | undefined): Readonly<Record<string, string>> {
  return { ...transform?.define, ...provided(Object.keys(transform?.inject ?? {})) };
}

// { process: { env: { MODE: '"live"' } } } --> "process.env.MODE": '"live"'
function add(found: Record<string, string>, prefix: string, values: unknown): void {
  if (typeof values !== "object" || values === null) return;
  for (const [name, value] of Object.entries(values)) {
    const path = `${prefix}${name}`;
    if (typeof value === "object" && value !== null && !(value instanceof RegExp)) add(found, `${path}.`, value);
    // what a function gives is known to the bundler alone
    else if (typeof value !== "function") found[path] = value instanceof RegExp ? String(value) : typeof value === "string" ? value : String(value as unknown);
  }
}

/** Of Vite's `define`, and what it makes of `import.meta.env` on the server. */
export function viteDefines({ define = {}, env = {} }: { readonly define?: Readonly<Record<string, unknown>> | undefined; readonly env?: Readonly<Record<string, unknown>> }): Readonly<Record<string, string>> {
  const known = { ...env, SSR: true };
  const members = Object.entries(known).map(([name, value]) => [`import.meta.env.${name}`, JSON.stringify(value)]);
  const own = Object.entries(define).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
  return Object.fromEntries([...members, ["import.meta.env", JSON.stringify(known)], ...own]) as Readonly<Record<string, string>>;
}
