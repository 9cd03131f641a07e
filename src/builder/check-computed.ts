/**
 * What the program computed when it started, with functions that are other ones now: a fresh build would have other
 * values. The manifest says who calls whom at once (`calls`); handlers and other functions that run later do not count.
 */
import { displayTarget } from "../manifest/module-key.ts";
import type { ModuleRecord } from "../manifest/manifest.ts";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { placeAt } from "../syntax/place.ts";
import type { SourceModule } from "../transform/project.ts";
import type { ModuleChange } from "./classify.ts";
import type { LoadedTree } from "./load.ts";
import { matchBinding, type Revalued } from "./revalued.ts";
import { followImport } from "./world.ts";

export interface ComputedOptions {
  /** Variables and classes that may keep what changed functions computed for them, by id (`src/shop.ts#table`); `true` for all. Default none. */
  readonly acceptComputed?: true | readonly string[];
}

export function checkComputed(changes: readonly ModuleChange[], tree: LoadedTree, revalued: Revalued, { acceptComputed = [] }: ComputedOptions): readonly Diagnostic[] {
  const changed = new Set(changes.flatMap(({ module, replaced }) => replaced.map((target) => `${module.key}#${target.name}`)));
  if (changed.size === 0) return [];
  const calls = new Calls(tree, changed);
  return [...tree.modules.values()].flatMap((module): readonly Diagnostic[] => {
    const before = tree.manifest.modules[module.key];
    if (before === undefined) return [];
    return [...checkBindings(module, before, { tree, calls, revalued, acceptComputed }), ...checkStatements(module, calls)];
  });
}

interface Context {
  readonly tree: LoadedTree;
  readonly calls: Calls;
  readonly revalued: Revalued;
  readonly acceptComputed: true | readonly string[];
}

function checkBindings(module: SourceModule, before: ModuleRecord, { tree, calls, revalued, acceptComputed }: Context): readonly Diagnostic[] {
  return module.record.bindings.flatMap((record, index): Diagnostic[] => {
    const called = calls.firstChanged(module, record.calls);
    const binding = called === undefined ? undefined : module.analysis.bindings[index];
    if (called === undefined || !binding || !matchBinding(before, module.record, record) || revalued.of(module.key, binding.name)) return [];
    const id = displayTarget(module.key, binding.name, tree.manifest.package);
    // A variable's value is state from the first moment.
    const isState = record.kind === "let" || record.kind === "var";
    const accepted = isState || acceptComputed === true || acceptComputed.includes(id);
    const place = placeAt(module.file, module.analysis.parsed.text, binding.start, binding.end);
    return [diagnostic("HF1208", accepted ? "notice" : "refusal", { name: binding.name, called, id }, place)];
  });
}

function checkStatements(module: SourceModule, calls: Calls): readonly Diagnostic[] {
  return module.record.init.flatMap((record, index): Diagnostic[] => {
    const called = calls.firstChanged(module, record.calls);
    const statement = called === undefined ? undefined : module.analysis.init[index];
    if (called === undefined || !statement) return [];
    return [diagnostic("HF1304", "notice", { called }, placeAt(module.file, module.analysis.parsed.text, statement.start, statement.end))];
  });
}

/** Who calls a changed function, directly or through others. */
class Calls {
  readonly #tree: LoadedTree;
  readonly #changed: ReadonlySet<string>;
  /** By id: the changed function that a call of it reaches; undefined where it reaches none. */
  readonly #known = new Map<string, string | undefined>();

  constructor(tree: LoadedTree, changed: ReadonlySet<string>) {
    this.#tree = tree;
    this.#changed = changed;
  }

  /** Display id of the first changed function that calling these reaches. */
  firstChanged(module: SourceModule, calls: readonly string[]): string | undefined {
    for (const call of calls) {
      const found = this.#reaches(this.#resolve(module, call));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #reaches(callee: { readonly key: string; readonly name: string } | undefined): string | undefined {
    if (callee === undefined) return undefined;
    const id = `${callee.key}#${callee.name}`;
    if (this.#changed.has(id)) return displayTarget(callee.key, callee.name, this.#tree.manifest.package);
    if (this.#known.has(id)) return this.#known.get(id);
    this.#known.set(id, undefined);
    const module = this.#tree.modules.get(callee.key);
    const target = module?.record.targets.find((each) => each.name === callee.name);
    const binding = module?.record.bindings.find((each) => each.names.includes(callee.name));
    // A class makes an instance; what another binding holds (an alias, functions in an object) may be what is called.
    const calls = target?.calls ?? (binding?.kind === "class" ? binding.instanceCalls : binding?.uses);
    const found = module && this.firstChanged(module, calls ?? []);
    this.#known.set(id, found);
    return found;
  }

  /** `name` or `namespace.name` */
  #resolve(module: SourceModule, call: string): { readonly key: string; readonly name: string } | undefined {
    const [local = "", member] = call.split(".");
    const world = (key: string): ModuleRecord | undefined => this.#tree.modules.get(key)?.record;
    const imported = module.record.imports.find((each) => each.local === local);
    if (imported === undefined) return { key: module.key, name: local };
    // `table.make()`: a member of an object is called; of a namespace, the function of that name.
    const target = followImport(world, imported.from, imported.imported);
    if (target.kind === "binding") return target;
    if (target.kind !== "namespace" || member === undefined) return undefined;
    const found = followImport(world, { module: target.key }, member);
    return found.kind === "binding" ? found : undefined;
  }
}
