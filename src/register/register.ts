/**
 * `node --import ts-hotfix/register server.ts`: makes the functions of a program patchable as Node.js loads it, and writes
 * its manifest. TypeScript stays TypeScript here; whoever erases types in this process does so afterwards. In every thread.
 */
import "../node/require-node.ts";
// As a namespace: an older Node has no registerHooks, and would fail to link before it could say what it lacks.
import * as nodeModule from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { ManifestKeeper } from "./manifest-keeper.ts";
import { LoadedModules, textOf } from "./modules.ts";
import { readSettings } from "./settings.ts";

const settings = readSettings(process.cwd());
const modules = new LoadedModules(settings);
const keeper = new ManifestKeeper(settings, () => nodeModule.flushCompileCache?.());

// what V8 makes of modules, and of their types, is kept too: a start costs no more than without us
// (coverage of code from there is less precise)
if (settings.cache !== undefined && process.env["NODE_V8_COVERAGE"] === undefined) nodeModule.enableCompileCache?.(join(settings.cache, "v8"));

nodeModule.registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    if (context.parentURL?.startsWith("file:") === true) {
      const importer = fileURLToPath(context.parentURL);
      if (settings.covers(importer)) keeper.resolved(importer, specifier, found.url);
    }
    return found;
  },
  load(url, context, next) {
    const loaded = next(url, context);
    const file = url.startsWith("file:") ? fileURLToPath(url) : undefined;
    const format = formatOf(loaded.format);
    if (file === undefined || format === undefined || !settings.covers(file)) return loaded;
    const text = textOf(readFileSync(file));
    const isTypeScript = /\.[cm]?tsx?$/.test(file);
    // a compiler that has been here before us has made something else of imports: patches could not reach them
    if (loaded.source !== null && loaded.source !== undefined && textOf(loaded.source) !== text) throw new HotfixError(diagnostic("HF0036", "error", { file }));
    const entry = modules.entryOf(file, text, format);
    if (entry === undefined) return loaded;
    keeper.add(file, text, entry, isTypeScript && !String(loaded.format).endsWith("typescript") ? "other" : "node");
    for (const each of entry.notices) process.emitWarning(each);
    if (entry.emitted === undefined) return loaded;
    const { code, table, hoisted, map } = entry.emitted;
    const placed = format === "esm" && modules.isInCycle(file) ? code.replace(table, () => hoisted) : code;
    return { ...loaded, source: `${placed}${map}`, shortCircuit: true };
  },
});

function formatOf(format: string | null | undefined): "esm" | "cjs" | undefined {
  if (format === "module" || format === "module-typescript") return "esm";
  return format === "commonjs" || format === "commonjs-typescript" ? "cjs" : undefined;
}
