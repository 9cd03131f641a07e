/** When a part of evaluated code runs. */
import type { Class, Node } from "oxc-parser";
import { unwrap, walk } from "../../syntax/walk.ts";
import { isFunction } from "../functions.ts";
import { CALLING, IMPLICIT } from "./callees.ts";

/** With the evaluation; when an instance of the class is made; when it is used; without being called; some time. */
export type Time = "evaluated" | "constructor" | "constructed" | "implicit" | "later";

export function timeOf(part: Node, parent: Node, grandparent: Node | undefined, root: Node, at: Time): Time {
  if (parent.type === "MethodDefinition" || parent.type === "PropertyDefinition" || parent.type === "AccessorProperty") {
    // class { static n = f(); [g()]() {} }
    const isEvaluated = part === (parent.key as Node) || (parent.decorators as readonly Node[]).includes(part) || (parent.type !== "MethodDefinition" && parent.static && !isFunction(part));
    if (isEvaluated || at !== "evaluated") return at;
    if (parent.type === "MethodDefinition") return parent.kind === "constructor" ? "constructor" : isImplicit(parent) ? "implicit" : "constructed";
    return isImplicit(parent) ? "implicit" : parent.static ? "constructed" : isFunction(part) ? "constructed" : "constructor";
  }
  if (at === "evaluated" && parent.type === "Property" && part === parent.value && parent.kind !== undefined && grandparent?.type === "ObjectExpression" && isImplicit(parent)) return "implicit";
  // const f = () => g(): declared, not called
  if (isFunction(part) && ((parent === root && root.type === "VariableDeclarator") || !runsAtOnce(part, parent))) {
    if (at === "evaluated") return "later";
    return at === "constructor" ? "constructed" : at;
  }
  return at;
}

/** Accessors, and members that the language calls. */
function isImplicit(member: { readonly kind?: string; readonly computed: boolean; readonly key: Node }): boolean {
  return member.kind === "get" || member.kind === "set" || (member.computed && member.key.type !== "Literal") || (member.key.type === "Identifier" && IMPLICIT.has(member.key.name));
}

/** `(() => …)()`, `list.map(() => …)`, `new Promise(() => …)`; and local functions, which may be called. */
function runsAtOnce(fn: Node, parent: Node | undefined): boolean {
  switch (parent?.type) {
    case "CallExpression": {
      const callee = unwrap(parent.callee);
      if (callee === fn) return true;
      const name = callee.type === "Identifier" ? callee.name : callee.type === "MemberExpression" && !callee.computed && callee.property.type === "Identifier" ? callee.property.name : "";
      return CALLING.has(name);
    }
    case "NewExpression":
      return parent.callee.type === "Identifier" && parent.callee.name === "Promise";
    case "VariableDeclarator":
    case "BlockStatement":
      return true;
    default:
      return false;
  }
}

/** `this.gold = 1`, and reading a field of the class: no method runs, and nobody else gets the instance. */
export function isPlainThis(node: Node, parent: Node | undefined, root: Node): boolean {
  if (parent?.type !== "MemberExpression" || parent.object !== node) return false;
  const { property } = parent;
  if (root.type !== "ClassDeclaration" && root.type !== "ClassExpression") return false;
  return !parent.computed && (property.type === "Identifier" || property.type === "PrivateIdentifier") && fieldsOf(root).has(nameOf(property));
}

const known = new WeakMap<Class, ReadonlySet<string>>();

/** Names of fields that are never called, declared or assigned in the constructor. */
function fieldsOf(node: Class): ReadonlySet<string> {
  const before = known.get(node);
  if (before) return before;
  const fields = new Set<string>();
  const no = new Set<string>();
  for (const member of node.body.body) {
    if (member.type === "MethodDefinition" && member.kind === "constructor") {
      for (const parameter of member.value.params) if (parameter.type === "TSParameterProperty") {
        const name = parameter.parameter.type === "AssignmentPattern" ? parameter.parameter.left : parameter.parameter;
        if (name.type === "Identifier") fields.add(name.name);
      }
      walk(member.value, {
        enter(each) {
          if (each.type === "AssignmentExpression" && each.left.type === "MemberExpression" && each.left.object.type === "ThisExpression" && !each.left.computed) fields.add(nameOf(each.left.property));
        },
      });
    } else if ((member.type === "PropertyDefinition" || member.type === "AccessorProperty") && !member.computed) fields.add(nameOf(member.key));
    else if (member.type === "MethodDefinition" && !member.computed) no.add(nameOf(member.key));
  }
  walk(node.body, {
    enter(each) {
      const callee = each.type === "CallExpression" ? unwrap(each.callee) : undefined;
      if (callee?.type === "MemberExpression" && callee.object.type === "ThisExpression" && !callee.computed) no.add(nameOf(callee.property));
    },
  });
  for (const name of no) fields.delete(name);
  known.set(node, fields);
  return fields;
}

function nameOf(key: Node): string {
  return key.type === "Identifier" ? key.name : key.type === "PrivateIdentifier" ? `#${key.name}` : key.type === "Literal" ? String(key.value) : "";
}
