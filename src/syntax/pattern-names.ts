/** The names of a pattern, for readers of scopes. */
import type { Node } from "oxc-parser";
import type { Name } from "./scope-writer.ts";
import { eachChild } from "./walk.ts";

export interface InPattern {
  /** The defaults around the name, outer ones first. Holds while the name is taken. */
  readonly assignments: readonly Extract<Node, { type: "AssignmentPattern" | "AssignmentExpression" }>[];
  /** It takes the rest. */
  readonly rest: boolean;
}

export type TakeName = (name: Name, place: InPattern) => void;

const PATTERNS: ReadonlySet<Node["type"]> = new Set(["Identifier", "ObjectPattern", "ArrayPattern", "SpreadElement", "RestElement", "AssignmentPattern"]);

export function isPattern({ type }: Node): boolean {
  return PATTERNS.has(type);
}

const ALONE: InPattern = { assignments: [], rest: false };

/** Hands on each name that a pattern binds or assigns. Returns the expressions in it, which run when it is evaluated. */
export function eachPatternName(pattern: Node, take: TakeName): readonly Node[] {
  // most are
  if (pattern.type === "Identifier") {
    take(pattern, ALONE);
    return [];
  }
  const reader = new PatternReader(take);
  reader.visit(pattern);
  return reader.expressions;
}

class PatternReader {
  readonly expressions: Node[] = [];
  readonly #take: TakeName;
  readonly #assignments: InPattern["assignments"][number][] = [];
  #rest: Node | undefined;

  constructor(take: TakeName) {
    this.#take = take;
  }

  readonly visit = (node: Node): void => {
    switch (node.type) {
      case "Identifier":
        return this.#take(node, { assignments: this.#assignments, rest: this.#rest === node });
      case "AssignmentPattern":
      case "AssignmentExpression":
        this.#assignments.push(node);
        this.visit(node.left);
        this.expressions.push(node.right);
        this.#assignments.pop();
        return;
      case "CallExpression":
        this.expressions.push(...node.arguments);
        return this.visit(node.callee);
      case "MemberExpression":
        if (node.computed) this.expressions.push(node.property);
        this.expressions.push(node.object);
        return;
      case "Property":
        if (node.computed) this.expressions.push(node.key);
        return this.visit(node.value);
      case "RestElement": {
        const before = this.#rest;
        this.#rest = node.argument;
        this.visit(node.argument);
        this.#rest = before;
        return;
      }
      case "ArrayPattern":
      case "ArrayExpression":
        for (const element of node.elements) if (element !== null) this.visit(element);
        return;
      case "SpreadElement":
        return this.visit(node.argument);
      case "Decorator":
      case "TSTypeAnnotation":
        return;
      default:
        eachChild(node, this.visit, undefined, undefined);
    }
  };
}

/** The type annotation of a pattern, be it behind a default or a parameter that is a property. */
export function annotationOf(node: Node): Node | undefined {
  if (node.type === "AssignmentPattern") return annotationOf(node.left);
  if (node.type === "TSParameterProperty") return annotationOf(node.parameter);
  return "typeAnnotation" in node ? ((node.typeAnnotation as Node | null | undefined) ?? undefined) : undefined;
}
