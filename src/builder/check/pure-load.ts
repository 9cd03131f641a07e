/**
 * Modules whose evaluation nobody can observe: they may be evaluated in any order. The list is closed: initialisers of
 * closed form, calls of functions that do nothing but return a function or what they were given, instances of classes
 * without constructors. Base and fixed tree must agree on all of it.
 */
import type { Class, Node } from "oxc-parser";
import { isInert } from "../../analyze/inert.ts";
import { unwrap } from "../../syntax/walk.ts";
import type { LoadedTree } from "../load/load.ts";
import { followImport, identityOf } from "../world/follow.ts";
import type { Revalued } from "../values/revalued.ts";
import type { WorldModule } from "../world/module.ts";

export class PureLoads {
  readonly #tree: LoadedTree;
  readonly #revalued: Revalued;
  readonly #known = new Map<string, boolean>();

  constructor(tree: LoadedTree, revalued: Revalued) {
    this.#tree = tree;
    this.#revalued = revalued;
  }

  isPure(key: string): boolean {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = this.#judge(key);
    this.#known.set(key, found);
    return found;
  }

  #judge(key: string): boolean {
    const [before, module] = [this.#tree.base.outline(key), this.#tree.fixed.modules.get(key)];
    if (before === undefined || module === undefined || before.order.join() !== module.outline.order.join()) return false;
    if (before.order.length === 0) return true;
    // In a cycle, what it reads may not be there yet.
    if (before.order.some((each) => each.startsWith("init ")) || this.#loadsItself(key)) return false;
    return module.analysis.bindings.every((binding) => {
      if (!before.order.includes(`binding ${binding.names.join()}`)) return true;
      if (!this.#isSame(module, binding.name)) return false;
      const { node } = binding;
      if (node.type === "ClassDeclaration") return this.#isPlainClass(module, node, false);
      if (node.type !== "VariableDeclarator") return false;
      return node.id.type === "Identifier" && node.init !== null && this.#isPure(module, node.init);
    });
  }

  #isPure(module: WorldModule, expression: Node): boolean {
    const node = unwrap(expression);
    const pure = (each: Node): boolean => each.type !== "SpreadElement" && this.#isPure(module, each);
    if (this.#revalued.isClosed(module, node) && this.#meansTheSame(module, node)) return true;
    switch (node.type) {
      case "ArrayExpression":
        return node.elements.every((element) => element === null || pure(element));
      case "ObjectExpression":
        return node.properties.every((each) => each.type === "Property" && each.kind === "init" && !each.computed && !(each.key.type === "Identifier" && each.key.name === "__proto__") && each.key.type !== "Literal" && pure(each.value));
      case "CallExpression":
        return node.callee.type === "Identifier" && this.#onlyReturns(module, node.callee.name) && node.arguments.every(pure);
      case "NewExpression":
        return node.callee.type === "Identifier" && this.#isInstanceOfPlain(module, node.callee.name) && node.arguments.every(pure);
      default:
        return false;
    }
  }

  /** `function build(args) { return (options) => …; }` */
  #onlyReturns(module: WorldModule, name: string): boolean {
    const found = this.#leadsTo(module, name);
    const target = found?.module.analysis.targets.find((each) => each.name === found.name);
    if (!found || !target || target.kind !== "sync" || !this.#isSame(found.module, found.name)) return false;
    const { fn } = target;
    const parameters = new Set(fn.params.flatMap((each) => (each.type === "Identifier" ? [each.name] : [])));
    const body = fn.body as Node | null;
    const [statement, ...more] = body?.type === "BlockStatement" ? (body.body as readonly Node[]) : [];
    const result = body?.type === "BlockStatement" ? (statement?.type === "ReturnStatement" && more.length === 0 ? statement.argument : undefined) : body;
    return parameters.size === fn.params.length && result != null && ((result.type === "Identifier" && parameters.has(result.name)) || isInert(result));
  }

  #isInstanceOfPlain(module: WorldModule, name: string): boolean {
    const found = this.#leadsTo(module, name);
    const node = found?.module.analysis.bindings.find((each) => each.name === found.name && each.kind === "class" && !each.assigned)?.node;
    return found !== undefined && node?.type === "ClassDeclaration" && this.#isSame(found.module, found.name) && this.#isPlainClass(found.module, node, true);
  }

  /** @param made instances are made of it, too */
  #isPlainClass(module: WorldModule, { superClass, decorators, body }: Class, made: boolean): boolean {
    const above = superClass === null || (superClass.type === "Identifier" && this.#isInstanceOrClass(module, superClass.name, made));
    return above && decorators.length === 0 && body.body.every((member) => {
      if (member.type === "StaticBlock") return false;
      if (member.type === "TSIndexSignature") return true;
      if (member.computed || member.decorators.length > 0) return false;
      if (member.type === "MethodDefinition" || member.type === "TSAbstractMethodDefinition") return !made || member.kind !== "constructor";
      return !("value" in member) || member.value == null || isInert(member.value);
    });
  }

  #isInstanceOrClass(module: WorldModule, name: string, made: boolean): boolean {
    if (made) return this.#isInstanceOfPlain(module, name);
    const found = this.#leadsTo(module, name);
    return found !== undefined && this.#isSame(found.module, found.name) && found.module.analysis.bindings.some((each) => each.name === found.name && each.kind === "class" && !each.assigned);
  }

  /** Where a name is declared, if it leads there in base and fixed tree. */
  #leadsTo(module: WorldModule, name: string): { readonly module: WorldModule; readonly name: string } | undefined {
    if (!this.#isSameImport(module, name)) return undefined;
    const imported = module.outline.imports.find((each) => each.local === name);
    if (imported === undefined) return module.analysis.scopes.module.set.has(name) ? { module, name } : undefined;
    const target = followImport(this.#tree.fixed, imported.from, imported.imported);
    const there = target.kind === "binding" ? this.#tree.fixed.modules.get(target.key) : undefined;
    return target.kind === "binding" && there ? { module: there, name: target.name } : undefined;
  }

  /** Names in an expression of closed form lead to what they led to, and that has the same value. */
  #meansTheSame(module: WorldModule, expression: Node): boolean {
    const { variables } = module.analysis.scopes.module;
    const named = variables.filter((variable) => variable.references.some(({ identifier: { range } }) => expression.start <= range[0] && range[0] < expression.end));
    return named.every(({ name }) => this.#isSameImport(module, name));
  }

  #isSameImport({ key, outline }: WorldModule, name: string): boolean {
    const [old, now] = [this.#tree.base.outline(key)?.imports, outline.imports].map((imports) => imports?.find((each) => each.local === name));
    if (old === undefined && now === undefined) return true;
    if (old === undefined || now === undefined) return false;
    const before = this.#tree.base;
    const after = this.#tree.fixed;
    return identityOf(followImport(before, old.from, old.imported)) === identityOf(followImport(after, now.from, now.imported));
  }

  /** The declaration is that of the base. */
  #isSame({ key, outline }: WorldModule, name: string): boolean {
    const before = this.#tree.base.outline(key);
    const hashOf = (of: typeof outline | undefined): string | undefined =>
      of?.targets.find((each) => each.name === name)?.hash ?? of?.bindings.find((each) => each.names.includes(name) || (name === "default" && each.names.length === 0))?.hash;
    return hashOf(outline) !== undefined && hashOf(outline) === hashOf(before);
  }

  #loadsItself(key: string): boolean {
    return [this.#tree.base, this.#tree.fixed].some((world) => {
      const seen = new Set<string>();
      const reaches = (at: string): boolean =>
        (world.outline(at)?.loads ?? []).some(({ from }) => {
          if (!("module" in from) || seen.has(from.module)) return false;
          seen.add(from.module);
          return from.module === key || reaches(from.module);
        });
      return reaches(key);
    });
  }
}
