/**
 * Methods that the fixed source takes out of a class. They stay where they are, as a function does that nobody calls any more:
 * calls in flight may still need them. So nothing but such calls may find them. See docs/lifting.md.
 */
import type { Node } from "oxc-parser";
import type { Binding } from "../../analyze/analysis.ts";
import { RULES } from "../../analyze/live/rules.ts";
import { rootOf } from "../../analyze/members.ts";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import { unwrap, walk } from "../../syntax/walk.ts";
import { readSource } from "../../transform/project.ts";
import type { ModuleChange } from "../classify/classify.ts";
import type { LoadedTree } from "../load/load.ts";
import { CallNames, type Thing } from "../trace/call-names.ts";
import { matchBinding } from "../values/revalued.ts";
import { differsInMembersAlone } from "../world/class-members.ts";
import type { WorldModule } from "../world/module.ts";
import type { BindingOutline, Outline, TargetOutline } from "../world/outline.ts";

export function checkRemovedMembers(changes: readonly ModuleChange[], tree: LoadedTree): readonly Diagnostic[] {
  return changes.flatMap(({ module: { before, after }, isNew }) => {
    if (isNew) return [];
    return after.analysis.bindings.flatMap((binding, index) => {
      const outline = after.outline.bindings[index];
      const old = outline && matchBinding(before, after.outline, outline);
      if (old === undefined || !differsInMembersAlone(binding, old)) return [];
      const { file, text } = after.analysis.parsed;
      return goneFrom(binding, before).map((target) => {
        const why = whyItMayBeFound(target, { binding, old, module: after, tree });
        const told = { name: target.name, root: binding.name };
        return why === undefined ? diagnostic("HF1133", "notice", told, placeAt(file, text, binding.start, binding.end)) : diagnostic("HF1134", "refusal", { ...told, why }, placeAt(file, text, binding.start, binding.end));
      });
    });
  });
}

function goneFrom({ names: [root = "default"], lifted }: Binding, before: Outline): readonly TargetOutline[] {
  const left = new Set(lifted.map(({ name }) => name));
  return before.targets.filter(({ name }) => rootOf(name) === root && !left.has(name));
}

interface Place {
  readonly binding: Binding;
  readonly old: BindingOutline;
  readonly module: WorldModule;
  readonly tree: LoadedTree;
}

/** Names by which the language and Node.js call methods. */
const CALLED_BY_OTHERS: ReadonlySet<string> = new Set(["toJSON", "toString", "toLocaleString", "valueOf", "then", "handleEvent", "next", "return", "throw", "inspect"]);
/** What lists members that are not enumerable. */
const LISTING: ReadonlySet<string> = new Set(["getOwnPropertyNames", "getOwnPropertyDescriptors", "ownKeys"]);

/** What keeps a removed method from being forgotten; undefined: nothing but calls in flight can name it. */
function whyItMayBeFound({ name, live, nested }: TargetOutline, { binding, old, module, tree }: Place): string | undefined {
  const path = name.split("/");
  const key = path.at(-1) ?? "";
  if (live !== null || nested.some(({ rule }) => RULES[rule].verdict !== "ends")) return "code of it may live on beyond its call";
  // A private name that the class still used would not parse.
  if (key.startsWith("#")) return undefined;
  if (path.slice(1, -1).some((part) => part === "get" || part === "set")) return "it is an accessor, which reading a property calls";
  if (key.startsWith("@@") || CALLED_BY_OTHERS.has(key)) return "the language or Node.js calls methods of this name";
  if (old.members?.called.includes(name) !== true) return "its class did not call it itself, so that others may";
  const { node } = classOf(binding) ?? {};
  if (node === undefined || node.decorators.length > 0 || old.assigned) return "what stands for its class at run time is not known";
  if (readsComputed(node)) return "its class reads properties of `this` by computed names";
  const parent = unknownParent(module, node, new CallNames(tree.fixed));
  if (parent !== undefined) return `it may have stood in place of a method of \`${parent}\`, which is not of the program`;
  for (const each of tree.fixed.modules.values()) {
    const found = mention(each, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Class = Extract<Node, { type: "ClassDeclaration" | "ClassExpression" }>;

function classOf({ lifted }: Binding): { readonly node: Class } | undefined {
  const [container] = lifted.flatMap(({ member }) => member?.container ?? []);
  return container?.type === "ClassDeclaration" || container?.type === "ClassExpression" ? { node: container } : undefined;
}

function readsComputed(root: Node): boolean {
  return some(root, (node) => node.type === "MemberExpression" && node.computed && node.property.type !== "Literal" && unwrap(node.object).type === "ThisExpression");
}

/** The first class above that is not one of the program's, by the text of its name. */
function unknownParent(module: WorldModule, { superClass }: Class, names: CallNames, seen: ReadonlySet<Thing> = new Set()): string | undefined {
  if (superClass === null) return undefined;
  const parent = unwrap(superClass);
  const text = module.analysis.parsed.text.slice(superClass.start, superClass.end);
  if (parent.type !== "Identifier") return text;
  const meaning = names.local(module, parent.name);
  const [own] = meaning.is === "own" && meaning.rest.length === 0 && meaning.all.length === 1 ? meaning.all : [];
  const home = own?.module;
  const found = home?.analysis.bindings.find((each) => each.names.includes(own?.name ?? "") || (each.names.length === 0 && own?.name === "default"));
  const value = found?.node.type === "VariableDeclarator" && found.node.init ? unwrap(found.node.init) : found?.node;
  if (own === undefined || home === undefined || found?.assigned !== false || seen.has(own) || (value?.type !== "ClassDeclaration" && value?.type !== "ClassExpression")) return text;
  return unknownParent(home, value, names, new Set([...seen, own]));
}

/** How a module names a property, or lists those of an object. */
function mention(module: WorldModule, key: string): string | undefined {
  const text = readSource(module.file);
  if (!text.includes(key) && ![...LISTING].some((each) => text.includes(each))) return undefined;
  const { analysis } = module;
  let found: string | undefined;
  walk(analysis.parsed.program, {
    enter(node, parent) {
      const name = node.type === "Literal" && typeof node.value === "string" ? node.value : node.type === "TemplateElement" ? node.value.raw : isPropertyName(node, parent) ? node.name : undefined;
      if (name === key) found ??= `\`${module.key.slice(module.key.indexOf(":") + 1)}\` still names \`${key}\``;
      else if (name !== undefined && LISTING.has(name)) found ??= `\`${module.key.slice(module.key.indexOf(":") + 1)}\` lists members with \`${name}\``;
      return found === undefined;
    },
  });
  return found;
}

function isPropertyName(node: Node, parent: Node | undefined): node is Extract<Node, { type: "Identifier" }> | Extract<Node, { type: "PrivateIdentifier" }> {
  if (node.type !== "Identifier" || parent === undefined) return false;
  if (parent.type === "MemberExpression") return parent.property === node && !parent.computed;
  return "key" in parent && parent.key === node && "computed" in parent && !parent.computed;
}

function some(root: Node, test: (node: Node) => boolean): boolean {
  let found = false;
  walk(root, {
    enter(node) {
      found ||= test(node);
      return !found;
    },
  });
  return found;
}
