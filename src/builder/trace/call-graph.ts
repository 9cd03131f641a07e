/** Calls by name, over the whole fixed tree. */
import { displayTarget } from "../../manifest/module-key.ts";
import type { BindingRecord, ModuleRecord, TargetRecord } from "../../manifest/manifest.ts";
import type { SourceModule } from "../../transform/project.ts";
import type { LoadedTree } from "../load/load.ts";
import { followImport } from "./world.ts";

/** Who calls whom at once, directly or through others, as the records have it (`calls`). */
export class CallGraph {
  readonly #tree: LoadedTree;
  readonly #changed: ReadonlySet<string>;
  /** By id: the changed function that a call of it reaches; undefined where it reaches none. */
  readonly #known = new Map<string, string | undefined>();

  /** @param changed `key#name` of the functions that {@link firstChanged} looks for */
  constructor(tree: LoadedTree, changed: ReadonlySet<string> = new Set()) {
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

  /** Hashes of all functions that calling these reaches, by id. */
  hashesOf(module: SourceModule, calls: readonly string[], found: Map<string, string> = new Map()): ReadonlyMap<string, string> {
    for (const call of calls) {
      const callee = this.#resolve(module, call);
      const there = callee && this.#tree.modules.get(callee.key);
      if (!callee || !there || found.has(`${callee.key}#${callee.name}`)) continue;
      const target = there.record.targets.find((each) => each.name === callee.name);
      const binding = there.record.bindings.find((each) => each.names.includes(callee.name));
      found.set(`${callee.key}#${callee.name}`, target?.hash ?? binding?.hash ?? "");
      this.hashesOf(there, callsOf(target, binding), found);
    }
    return found;
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
    const found = module && this.firstChanged(module, callsOf(target, binding));
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

/** A class makes an instance; what another binding holds (an alias, functions in an object) may be what is called. */
function callsOf(target: TargetRecord | undefined, binding: BindingRecord | undefined): readonly string[] {
  return target?.calls ?? (binding?.kind === "class" ? binding.instanceCalls : binding?.uses) ?? [];
}
