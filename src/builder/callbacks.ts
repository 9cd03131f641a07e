/** The callbacks file: not a part of the program, compiled like a new module, its exports checked. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Manifest } from "../manifest/manifest.ts";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import type { CallbackName } from "../patch/payload.ts";
import { languageOf } from "../syntax/parse.ts";
import { placeAt } from "../syntax/place.ts";
import type { FixedTree } from "./world/fixed-tree.ts";
import { classifyNew } from "./classify/classify-new.ts";
import type { ModuleChange } from "./classify/classify.ts";
import type { ClosedModule } from "./close.ts";
import { constantValue } from "./values/constant-value.ts";
import type { LoadedTree } from "./load/load.ts";
import type { Trace } from "./trace/trace.ts";
import type { WorldModule } from "./world/module.ts";

const NAMES: readonly CallbackName[] = ["prePatch", "postPatch", "preUnpatch", "postUnpatch", "healthy"];
/** Runs in the commit's synchronous step. */
const SYNCHRONOUS: ReadonlySet<string> = new Set<CallbackName>(["postPatch", "postUnpatch"]);
const ONCE = "oncePerProcess";

/** The callbacks of a patch, classified. */
export interface CallbacksChange {
  readonly change: ModuleChange;
  readonly names: readonly CallbackName[];
  readonly oncePerProcess: boolean;
}

/** Reads the file; refusals and errors where it cannot be one of callbacks. */
export function readCallbacks(path: string, manifest: Manifest, tree: FixedTree): WorldModule | readonly Diagnostic[] {
  const file = resolve(path);
  const refuse = (detail: string): readonly Diagnostic[] => [diagnostic("HF1601", "refusal", { file: path, detail }, placeAt(file, "", 0, 0))];
  if (!existsSync(file)) return refuse("it does not exist");
  if (!languageOf(file)) return refuse("it is no TypeScript or JavaScript");
  const key = tree.project.keyOf(file);
  return manifest.modules.has(key) ? refuse("it is a module of the running program") : tree.read(key, file);
}

export function classifyCallbacks(tree: LoadedTree, trace: Trace): CallbacksChange | undefined {
  const change = tree.callbacks === undefined ? undefined : classifyNew(tree, trace, tree.callbacks);
  if (change === undefined) return undefined;
  const { analysis, outline } = change.module.after;
  const { file, text } = analysis.parsed;
  const diagnostics: Diagnostic[] = [];
  const names = NAMES.filter((name) => outline.exports.some(({ exported }) => exported === name));
  const unknown = outline.exports.map(({ exported }) => exported).filter((name) => name !== ONCE && !names.some((each) => each === name));
  if (names.length === 0 || unknown.length > 0) {
    diagnostics.push(diagnostic("HF1602", "refusal", { found: unknown.length === 0 ? "nothing" : unknown.map((name) => `\`${name}\``).join(", ") }, placeAt(file, text, 0, 0)));
  }
  for (const name of names) {
    const target = analysis.targets.find((each) => each.name === name);
    const sound = target !== undefined && (target.kind === "sync" || (target.kind === "async" && !SYNCHRONOUS.has(name)));
    const { start, end } = target ?? analysis.bindings.find((each) => each.name === name) ?? { start: 0, end: 0 };
    if (!sound) diagnostics.push(diagnostic("HF1603", "refusal", { name, kind: SYNCHRONOUS.has(name) ? "a plain function" : "a plain or async function" }, placeAt(file, text, start, end)));
  }
  const once = outline.exports.some(({ exported }) => exported === ONCE) ? analysis.bindings.find((each) => each.name === ONCE) : undefined;
  const value = once?.node.type === "VariableDeclarator" && once.kind === "const" && once.node.init ? constantValue(once.node.init, () => undefined) : undefined;
  const oncePerProcess = value?.kind === "primitive" && value.value === true;
  if (outline.exports.some(({ exported }) => exported === ONCE) && !(value?.kind === "primitive" && typeof value.value === "boolean")) {
    diagnostics.push(diagnostic("HF1603", "refusal", { name: ONCE, kind: "a `const` that is true or false" }, placeAt(file, text, once?.start ?? 0, once?.end ?? 0)));
  }
  return { change: { ...change, diagnostics: [...change.diagnostics, ...diagnostics] }, names, oncePerProcess };
}

/** The callbacks' file is evaluated while the patch is not in place yet: it can bring no modules of its own. */
export function checkCallbackImports({ change, loads }: ClosedModule, tree: LoadedTree, brought: ReadonlySet<string>): readonly Diagnostic[] {
  const { file, text } = change.module.after.analysis.parsed;
  return loads.filter((key) => tree.added.includes(key) && !brought.has(key)).map((module) => diagnostic("HF1604", "refusal", { module }, placeAt(file, text, 0, 0)));
}
