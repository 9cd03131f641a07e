/** Function declarations whose binding may hold another function, though no assignment shows it. */
import type { Node, Program } from "oxc-parser";
import type { Scopes } from "../syntax/scopes.ts";
import { walk } from "../syntax/walk.ts";
import { isEval, isFunction } from "./functions.ts";

export interface HiddenAssignments {
  /** Whether the function that is declared at the top level by this name may have been replaced. */
  include(name: string): boolean;
  /** An `eval` may replace any of them. */
  readonly anywhere: boolean;
}

/** @param strict by itself, whatever a compiler makes of it */
export function readHiddenAssignments(program: Program, scopes: Scopes, strict: boolean): HiddenAssignments {
  const texts = scopes.unresolved.some(({ identifier }) => identifier.name === "eval") ? evaluatedTexts(program) : [];
  const leaking = strict ? new Set<string>() : namesOfLeakingFunctions(program);
  // `with (o) { f = g; }`: of `o`, or the module's
  const inWith = new Set(strict ? [] : scopes.unresolved.flatMap((reference) => (reference.isWrite() ? [reference.identifier.name] : [])));
  return { include: (name) => leaking.has(name) || inWith.has(name) || texts.some((text) => text?.includes(name) === true), anywhere: texts.some((text) => text === undefined || text.includes("\\")) };
}

/** The texts of direct `eval`s; undefined for one that is not written there. */
function evaluatedTexts(program: Program): readonly (string | undefined)[] {
  const texts: (string | undefined)[] = [];
  walk(program, {
    enter(node) {
      if (node.type !== "CallExpression" || !isEval(node.callee)) return;
      const [first] = node.arguments;
      texts.push(first?.type === "Literal" && typeof first.value === "string" ? first.value : undefined);
    },
  });
  return texts;
}

// { function f() {} } --> once it is run, the `f` outside is this one
function namesOfLeakingFunctions(program: Program): ReadonlySet<string> {
  const names = new Set<string>();
  const look = (root: Node): void =>
    walk(root, {
      enter(node) {
        if (node !== root && node.type === "FunctionDeclaration" && node.id && !node.async && !node.generator) names.add(node.id.name);
        return !isFunction(node) && node.type !== "StaticBlock";
      },
    });
  for (const statement of program.body) if (statement.type !== "FunctionDeclaration") look(statement);
  return names;
}
