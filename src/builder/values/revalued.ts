/**
 * Constants with another value: whose code in the fixed tree says so, or that are computed from such. A primitive is
 * written into the code that reads it; of what else has a closed form, the patch makes a copy of its own.
 */
import type { Node } from "oxc-parser";
import type { Binding } from "../../analyze/analysis.ts";
import { digest } from "../../syntax/digest.ts";
import { namesEval } from "../../syntax/scopes.ts";
import { ownCallOf } from "../../syntax/own-call.ts";
import { addedMembers } from "../classify/added-members.ts";
import { closedShape } from "./closed-form.ts";
import { constantValue, printConstant, type ConstantValue } from "./constant-value.ts";
import { enumText } from "./const-enum.ts";
import { ImportIndex } from "../trace/import-index.ts";
import type { LoadedTree } from "../load/load.ts";
import { FREE, OF_HOST, signatureOf, type Shape } from "./shape.ts";
import { followImport } from "../world/follow.ts";
import type { World } from "../world/world.ts";
import { hashNode } from "../world/hashes.ts";
import type { WorldModule } from "../world/module.ts";
import type { BindingOutline, Outline } from "../world/outline.ts";

export type NewValue =
  /** Text of an expression that means the same anywhere. */
  | { readonly kind: "inline"; readonly module: WorldModule; readonly binding: Binding; readonly text: string }
  /** Made once by the patch, in the module that declares it. */
  | { readonly kind: "copy"; readonly module: WorldModule; readonly binding: Binding; readonly shape: Shape };

/** A chain of constants, each computed from the one before, is not longer. */
const MOST_ROUNDS = 100;

export class Revalued {
  readonly imports: ImportIndex;
  readonly #tree: LoadedTree;
  readonly #after: World;
  /** By `key#name`. */
  readonly #values = new Map<string, NewValue>();

  constructor(tree: LoadedTree) {
    this.#tree = tree;
    this.#after = tree.fixed;
    this.imports = new ImportIndex(tree.fixed);
    const changed = [...tree.fixed.modules.values()].flatMap((module) => this.#changedConstants(module));
    let waiting = changed;
    for (let round = 0; waiting.length > 0; round++) {
      // Constants that are computed from each other have no value.
      if (round === MOST_ROUNDS) for (const each of waiting) this.#values.delete(idOf(each));
      waiting = round < MOST_ROUNDS ? waiting.flatMap((each) => (this.#evaluate(each) ? this.#dependents(each) : [])) : [];
    }
  }

  of(key: string, name: string): NewValue | undefined {
    return this.#values.get(`${key}#${name}`);
  }

  all(): readonly NewValue[] {
    return [...this.#values.values()];
  }

  #changedConstants(module: WorldModule): readonly Candidate[] {
    const base = this.#tree.base.module(module.key);
    if (base === undefined || base === module) return [];
    const before = base.outline;
    return module.analysis.bindings.flatMap((binding, index): Candidate[] => {
      const now = module.outline.bindings[index];
      const old = now && matchBinding(before, module.outline, now);
      return old && now && old.hash !== now.hash && isConstant(old) && isConstant(now) && addedMembers(binding, old, before) === undefined ? [{ module, binding }] : [];
    });
  }

  /** Constants computed from one: when it changes, so do they. */
  #dependents({ module, binding }: Candidate): readonly Candidate[] {
    const users = [{ module, local: binding.name }, ...this.imports.importsOf(module.key, binding.name)];
    return users.flatMap(({ module: user, local }) => {
      const before = this.#tree.base.outline(user.key);
      return user.outline.bindings.flatMap((outline, index): Candidate[] => {
        if (!outline.uses.includes(local) || !isConstant(outline)) return [];
        const old = before && matchBinding(before, user.outline, outline);
        const own = user.analysis.bindings[index];
        return old && isConstant(old) && own ? [{ module: user, binding: own }] : [];
      });
    });
  }

  /** Whether the value is another than before this call. */
  #evaluate(candidate: Candidate): boolean {
    const id = idOf(candidate);
    const value = this.#valueOf(candidate.module, candidate.binding);
    const known = this.#values.get(id);
    if (value === undefined) return this.#values.delete(id);
    this.#values.set(id, value);
    return known === undefined || identityOf(known) !== identityOf(value);
  }

  #valueOf(module: WorldModule, binding: Binding): NewValue | undefined {
    if (binding.kind === "const enum") return this.#membersOf(module, binding);
    const initialiser = plainInitialiser(binding);
    if (initialiser === undefined || this.#isEvaluated(module, binding)) return undefined;
    const constant = this.#constant(module, binding);
    // A regular expression is an object, and can be told from another.
    if (constant?.kind === "primitive") return { kind: "inline", module, binding, text: printConstant(constant) };
    const shape = this.shapeOf(module, binding);
    return shape && { kind: "copy", module, binding, shape };
  }

  /** Nothing in the host but what compilers wrote into its readers, or an object that nothing but its members is asked of. */
  #membersOf(module: WorldModule, binding: Binding): NewValue | undefined {
    const parts = module.analysis.bindings.filter((each) => each.names.includes(binding.name));
    const text = parts.length === 1 ? enumText(this.#tree, module.key, binding.name) : undefined;
    return text === undefined ? undefined : { kind: "inline", module, binding, text };
  }

  /** Code that a direct `eval` makes may read it. */
  #isEvaluated(module: WorldModule, { name }: Binding): boolean {
    return [{ module }, ...this.imports.importsOf(module.key, name)].some(({ module: { analysis } }) => analysis.identifiers.has("eval") && namesEval(analysis.scopes));
  }

  /** What is known of a binding's value; undefined where its initialiser has no closed form. */
  shapeOf(module: WorldModule, binding: Binding): Shape | undefined {
    const initialiser = plainInitialiser(binding);
    return initialiser && this.#shapeOfExpression(module, initialiser);
  }

  /** Whether an expression in a module's top level has a closed form. */
  isClosed(module: WorldModule, expression: Node): boolean {
    return this.#shapeOfExpression(module, expression) !== undefined;
  }

  #shapeOfExpression(module: WorldModule, expression: Node): Shape | undefined {
    return closedShape(expression, {
      shapeOfName: (name) => this.#shapeOfName(module, name),
      isPrimitiveName: (name) => this.#constantNamed(module, name)?.kind === "primitive",
      isEnum: (name) => this.#isEnum(module, name),
      isGlobal: (name) => !module.analysis.scopes.module.set.has(name),
    });
  }

  /** Hash of a copy: of all that its value is made of. */
  hashOf(key: string, name: string): string {
    const found = new Map<string, string>();
    const collect = (id: string): void => {
      const value = this.#values.get(id);
      if (value === undefined || found.has(id)) return;
      found.set(id, value.kind === "inline" ? value.text : hashNode(value.binding));
      if (value.kind === "inline") return;
      for (const used of value.binding.uses) {
        const next = this.#bindingNamed(value.module, used);
        if (next) collect(idOf(next));
      }
    };
    collect(`${key}#${name}`);
    return digest(JSON.stringify([...found]));
  }

  #constant(module: WorldModule, binding: Binding, seen: ReadonlySet<Binding> = new Set()): ConstantValue | undefined {
    const initialiser = plainInitialiser(binding);
    // What is assigned may have been assigned before it is read.
    if (initialiser === undefined || seen.has(binding) || binding.assigned) return undefined;
    return constantValue(initialiser, (name) => {
      const found = this.#bindingNamed(module, name);
      return found && this.#constant(found.module, found.binding, new Set([...seen, binding]));
    });
  }

  #constantNamed(module: WorldModule, name: string): ConstantValue | undefined {
    const found = this.#bindingNamed(module, name);
    return found && this.#constant(found.module, found.binding);
  }

  #shapeOfName(module: WorldModule, name: string): Shape | undefined {
    if (this.#constantNamed(module, name)?.kind === "primitive") return FREE;
    const fn = this.functionNamed(module, name);
    if (fn) return fn.node.type !== "ArrowFunctionExpression" && ownCallOf(fn.node).namesThis ? OF_HOST : FREE;
    const found = this.#bindingNamed(module, name);
    if (found === undefined) return module.outline.imports.some((each) => each.local === name) ? OF_HOST : undefined;
    const value = this.of(found.module.key, found.binding.name);
    if (value?.kind === "copy") return value.shape;
    const { kind, assigned } = found.binding;
    return kind === "const" || ((kind === "class" || kind === "enum") && !assigned) ? OF_HOST : undefined;
  }

  /** And nothing beside: a namespace of the same name has members that are no primitives. */
  #isEnum(module: WorldModule, name: string): boolean {
    const own = this.#declared(module, name);
    const declarations = own?.module.analysis.bindings.filter((each) => each.names.includes(own.name)) ?? [];
    return declarations.length > 0 && declarations.every(({ kind }) => kind === "enum" || kind === "const enum");
  }

  /** The target that a name of a module's top level stands for. */
  functionNamed(module: WorldModule, name: string): { readonly module: WorldModule; readonly node: Node } | undefined {
    const own = this.#declared(module, name);
    const target = own?.module.analysis.targets.find((each) => each.name === own.name);
    return own && target ? { module: own.module, node: target.fn } : undefined;
  }

  #bindingNamed(module: WorldModule, name: string): Candidate | undefined {
    const own = this.#declared(module, name);
    const binding = own?.module.analysis.bindings.find((each) => each.names.length === 1 && each.name === own.name);
    return own && binding ? { module: own.module, binding } : undefined;
  }

  /** Where what a name of the module stands for is declared. */
  #declared(module: WorldModule, name: string): { readonly module: WorldModule; readonly name: string } | undefined {
    const imported = module.outline.imports.find((each) => each.local === name);
    if (imported === undefined) return { module, name };
    const target = followImport(this.#after, imported.from, imported.imported);
    const there = target.kind === "binding" ? this.#tree.fixed.modules.get(target.key) : undefined;
    return there && target.kind === "binding" ? { module: there, name: target.name } : undefined;
  }
}

interface Candidate {
  readonly module: WorldModule;
  readonly binding: Binding;
}

function idOf({ module, binding }: Candidate): string {
  return `${module.key}#${binding.name}`;
}

function identityOf(value: NewValue): string {
  return value.kind === "inline" ? value.text : signatureOf(value.shape);
}

/** The base's declaration of the same names; of several (`var x` twice, an enum in parts) the one at the same place among them. */
export function matchBinding(before: Outline, after: Outline, binding: BindingOutline): BindingOutline | undefined {
  const names = binding.names.join();
  const several = after.bindings.filter((each) => each.names.join() === names).length > 1;
  const isSame = (each: BindingOutline): boolean => each.names.join() === names && (!several || each.kind === binding.kind);
  const occurrence = several ? after.bindings.filter(isSame).indexOf(binding) : 0;
  return several ? before.bindings.filter(isSame)[occurrence] : before.bindings.find(isSame);
}

/** A `let` that nothing assigns is one too. */
function isConstant({ kind, assigned, names }: BindingOutline): boolean {
  return names.length === 1 && (kind === "const" || kind === "const enum" || (kind === "let" && !assigned));
}

function plainInitialiser({ node, kind }: Binding): Node | undefined {
  return (kind === "const" || kind === "let") && node.type === "VariableDeclarator" && node.id.type === "Identifier" && node.init ? node.init : undefined;
}
