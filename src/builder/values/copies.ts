/** Which changed constants the patch makes anew: those that its functions read. Nothing may give such an object away. */
import type { Binding, Unit } from "../../analyze/analysis.ts";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import type { Node } from "oxc-parser";
import { changedFunctions, type ModuleChange } from "../classify/classify.ts";
import { Follower, type Escape } from "./escape.ts";
import { refuseNonTarget } from "../classify/frozen.ts";
import type { LoadedTree } from "../load/load.ts";
import type { NewValue, Revalued } from "./revalued.ts";
import { namespaceUses } from "../trace/namespace-uses.ts";
import type { Trace } from "../trace/trace.ts";
import { followImport } from "../world/follow.ts";
import type { WorldModule } from "../world/module.ts";

type Copy = Extract<NewValue, { kind: "copy" }>;

export interface ChosenCopies {
  readonly changes: readonly ModuleChange[];
  /** Those whose new value the patch brings, in either form. */
  readonly constants: readonly { readonly key: string; readonly name: string }[];
  /** HF1206 */
  readonly refusals: readonly Diagnostic[];
}

export function chooseCopies(changes: readonly ModuleChange[], trace: Trace, tree: LoadedTree): ChosenCopies {
  const values = valuesRead(changes, trace);
  const named = changes.flatMap(({ module, replaced, added, variables }) => throughNamespaces(module.after, [...replaced, ...added, ...variables], trace, tree));
  for (const value of named) values.set(idOf(value), value);
  const copied = [...values.values()].filter((value) => value.kind === "copy");
  // A namespace of the patch's own has the new value of a primitive, too.
  const chosen = [...copied, ...new Set(named)];
  const withCopies = changes.map((change) => {
    const copies = chosen.filter(({ module }) => module.key === change.module.key).map(({ binding }) => binding).toSorted((a, b) => a.start - b.start);
    // A copied literal has its functions in it: those that changed, too.
    return { ...change, copies, replaced: change.replaced.filter((target) => !copies.some(({ lifted }) => lifted.includes(target))) };
  });
  const read = valuesRead(withCopies, trace);
  return {
    changes: withCopies,
    constants: [...values.values()].map(({ module, binding }) => ({ key: module.key, name: binding.name })),
    refusals: copied.flatMap((copy) => refuseEscape(copy, read, trace.revalued, tree)),
  };
}

/** New values that what goes into the patch reads, be it through one another. */
function valuesRead(changes: readonly ModuleChange[], trace: Trace): Map<string, NewValue> {
  const values = new Map<string, NewValue>();
  const choose = (key: string, names: readonly string[]): void => {
    const turned = trace.of(key);
    for (const name of names) {
      const value = turned.revalued.get(name);
      if (value === undefined || values.has(idOf(value))) continue;
      values.set(idOf(value), value);
      if (value.kind === "copy") choose(value.module.key, value.binding.uses);
    }
  };
  for (const { module, replaced, added, variables } of changes) choose(module.key, [...replaced, ...added, ...variables].flatMap((each) => each.uses));
  return values;
}

/** Primitives that some code names through a namespace, `config.MAX`, and does nothing else with it. */
function throughNamespaces(module: WorldModule, units: readonly Unit[], { revalued, of }: Trace, tree: LoadedTree): readonly NewValue[] {
  const world = tree.fixed;
  return module.outline.imports.flatMap(({ local, imported, from }): readonly NewValue[] => {
    if (!of(module.key).rebound.has(local) || !units.some(({ uses }) => uses.includes(local))) return [];
    const target = followImport(world, from, imported);
    if (target.kind !== "namespace") return [];
    const { members, whole } = namespaceUses(module.analysis, local, target.key, world);
    if (whole.size > 0) return [];
    return members.flatMap((member) => {
      const found = followImport(world, { module: member.key }, member.name);
      const value = found.kind === "binding" ? revalued.of(found.key, found.name) : undefined;
      return value?.kind === "inline" && value.binding.kind !== "const enum" ? [value] : [];
    });
  });
}

/** Whether a constant is one that nobody could tell from another of the same value. */
export function isUnseen(module: WorldModule, binding: Binding, revalued: Revalued): boolean {
  if (binding.kind !== "const") return false;
  const shape = revalued.shapeOf(module, binding);
  if (shape === undefined || revalued.imports.namespacesWith(module.key, binding.name).length > 0) return false;
  return findEscape({ kind: "copy", module, binding, shape }, revalued) === undefined;
}

function refuseEscape(copy: Copy, read: ReadonlyMap<string, NewValue>, revalued: Revalued, tree: LoadedTree): readonly Diagnostic[] {
  const { module, binding } = copy;
  const before = tree.base.outline(module.key);
  const [namespace] = revalued.imports.namespacesWith(module.key, binding.name);
  // Its functions are in the copy, which they alone would read: whoever calls them has the host's.
  const unread = { module, node: binding.node, how: "is named by nothing but its own functions, which code outside of the program may call" };
  const escape = namespace ? { module: namespace.module, node: binding.node, how: `can be reached through the namespace \`${namespace.local}\`` } : (findEscape(copy, revalued) ?? (read.has(idOf(copy)) ? undefined : unread));
  if (escape === undefined) return [];
  // A function that has changed says more than the object it stands in.
  const inside = before ? changedFunctions(module.analysis, binding, before) : [];
  if (inside.length > 0) return inside.map((each) => refuseNonTarget(each, module.analysis));
  const { file, text } = module.analysis.parsed;
  const where = namespace ? namespace.module.key : whereOf(escape, tree);
  return [diagnostic("HF1206", "refusal", { name: binding.name, how: escape.how, where }, placeAt(file, text, binding.start, binding.end))];
}

function findEscape({ module, binding, shape }: Copy, revalued: Revalued): Escape | undefined {
  const follower = new Follower({ functionNamed: (own, identifier) => functionAt(own, identifier, revalued) });
  const names = [{ module, local: binding.name }, ...revalued.imports.importsOf(module.key, binding.name)];
  for (const { module: user, local } of names) {
    const variable = user.analysis.scopes.module.set.get(local);
    const escape = variable && follower.variable(user, variable, shape);
    if (escape) return escape;
  }
  return undefined;
}

/** A target, or a function inside a function that nothing else can stand in for. */
function functionAt(module: WorldModule, identifier: Node, revalued: Revalued): { readonly module: WorldModule; readonly node: Node } | undefined {
  const { scopes } = module.analysis;
  const variable = scopes.variableAt(identifier);
  if (variable === undefined || identifier.type !== "Identifier") return undefined;
  if (variable.scope === scopes.module) return revalued.functionNamed(module, identifier.name);
  const [definition, ...others] = variable.defs;
  if (definition === undefined || others.length > 0 || variable.references.some((each) => each.isWrite() && each.init !== true)) return undefined;
  const node = definition.node as unknown as Node;
  if (node.type === "FunctionDeclaration") return { module, node };
  const init = node.type === "VariableDeclarator" ? node.init : null;
  return init?.type === "ArrowFunctionExpression" || init?.type === "FunctionExpression" ? { module, node: init } : undefined;
}

function whereOf({ module, node }: Escape, tree: LoadedTree): string {
  const { line, column } = placeAt(module.file, module.analysis.parsed.text, node.start, node.end);
  const home = `${tree.manifest.package}:`;
  return `${module.key.startsWith(home) ? module.key.slice(home.length) : module.key}:${line}:${column}`;
}

function idOf({ module, binding }: NewValue): string {
  return `${module.key}#${binding.name}`;
}
