/** The guard of each target, by the rules of docs/guard-matrix.md. */
import type { Parameter, Target } from "../analyze/analysis.ts";
import type { InjectedNames } from "./names.ts";
import type { Choice, ExpressionGuard, Fragment, Guard, ParameterEdit } from "./plan.ts";
import type { Typing } from "./typing.ts";

/** @param typing makes TypeScript of it that type-checks; without it the guard is plain JavaScript */
export function planGuard(target: Target, names: InjectedNames, typing?: Typing): Guard | Choice | ExpressionGuard {
  const fn = anchorOf(target);
  const table = typing ? `(${names.table} as any)` : names.table;
  const test = `${table}.${target.slot} !== ${names.undefined}`;
  const forward = forwardCall(target, table, names, typing);
  if (target.body.block) {
    // function f(a) { … } --> function f(a) { if ($t.$f !== undefined) return $t.$f.apply(this, arguments); … }
    // set level(v) { … } --> set level(v) { if (…) { $t.$f.apply(this, arguments); return; } … }
    const call = target.member?.accessor === "set" ? ` if (${test}) { ${forward}; return; }` : ` if (${test}) return ${forward};`;
    const statements = [call, ...moveParameters(target, names, typing)];
    const receiver = typing?.receiver(target);
    return { op: "guard", fn, at: target.guardAt, statements, parameters: editParameters(target, names, typing), ...(receiver ? { receiver } : {}) };
  }
  if (target.parameters.handling === "stay") {
    // (a) => a + 1 --> (a) => $t.$f !== undefined ? (0, $t.$f)(a) : a + 1
    return { op: "choice", fn, at: target.body.start, test, forward };
  }
  // ({ a }) => a + 1 --> ($1) => { if ($t.$f !== undefined) return (0, $t.$f)($1); let { a } = $1; return a + 1; }
  const statements = [` if (${test}) return ${forward};`, ...moveParameters(target, names, typing)];
  return { op: "expression guard", fn, body: target.body, statements, parameters: editParameters(target, names, typing) };
}

/** A method is found by the whole of it: trees have no function inside. */
function anchorOf({ fn, form, member }: Target): { readonly start: number; readonly end: number } {
  const { start, end } = form === "method" && member ? member : fn;
  return { start, end };
}

function forwardCall(target: Target, table: string, names: InjectedNames, typing: Typing | undefined): string {
  const slot = `${table}.${target.slot}`;
  const typed = (call: string): string => (typing ? typing.result(target, call) : call);
  const call = callOf(target, slot, names, typing?.nothing ?? "0");
  if (target.kind === "generator" || target.kind === "asyncGenerator") return `yield* ${typed(call)}`;
  if (!target.forwards.newTarget) return typed(call);
  return typed(`new.target === ${names.undefined} ? ${call} : ${names.Reflect}.construct(${slot}, arguments, new.target)`);
}

function callOf(target: Target, slot: string, names: InjectedNames, nothing: string): string {
  if (target.forwards.arguments === "all") return `${slot}.apply(this, arguments)`;
  const declared = target.parameters.list.map((parameter, index) => `${parameter.rest ? "..." : ""}${forwardedName(parameter, index, target, names)}`);
  if (target.form === "arrow") return `(${nothing}, ${slot})(${declared.join(", ")})`;
  return `${slot}.call(${["this", ...declared].join(", ")})`;
}

function forwardedName(parameter: Parameter, index: number, target: Target, names: InjectedNames): string {
  const placeholder = target.parameters.handling === "move" && parameter.shape === "pattern";
  return placeholder || parameter.name === undefined ? names.placeholder(index) : parameter.name;
}

function editParameters(target: Target, names: InjectedNames, typing: Typing | undefined): readonly ParameterEdit[] {
  if (target.parameters.handling !== "move") return [];
  return target.parameters.list.flatMap((parameter, index) =>
    parameter.moves
      ? [{ start: parameter.start, end: parameter.end, index, name: forwardedName(parameter, index, target, names), patternMoves: parameter.shape === "pattern", rest: parameter.rest, pattern: parameter.pattern, default: parameter.default, missing: names.missing, ...typing?.parameter(target, parameter, index) }]
      : [],
  );
}

/** The moved parameters as statements, in their order. */
function moveParameters(target: Target, names: InjectedNames, typing: Typing | undefined): readonly Fragment[] {
  if (target.parameters.handling !== "move") return [];
  return target.parameters.list.flatMap((parameter, index): Fragment[] => {
    if (!parameter.moves) return [];
    const name = forwardedName(parameter, index, target, names);
    const initial: Fragment[] = parameter.default ? [{ part: "default", parameter: index, ...rangeOf(parameter.default) }] : [];
    if (parameter.shape === "name") {
      // (a = f()) --> (a = undefined) … if (a === undefined) a = f();
      return [` if (${name} === ${names.undefined}) ${name} = `, ...initial, ";"];
    }
    // ({ a }: T = f()) --> ($1: T = undefined!) … if ($1 === undefined) $1 = f(); let { a } = $1;
    if (typing && parameter.default && !typing.takesName(target, index)) return [` if (${name} === ${names.undefined}) ${name} = `, ...initial, "; let ", { part: "pattern", parameter: index, ...rangeOf(parameter.pattern) }, ` = ${name};`];
    // ({ a } = f()) --> ($1 = undefined) … let { a } = $1 === undefined ? f() : $1;
    const value: Fragment[] = parameter.default ? [`${name} === ${names.undefined} ? `, ...initial, ` : ${name}`] : [name];
    return [" let ", { part: "pattern", parameter: index, ...rangeOf(parameter.pattern) }, " = ", ...value, ";"];
  });
}

function rangeOf(range: { readonly start: number; readonly end: number }): { readonly start: number; readonly end: number } {
  return { start: range.start, end: range.end };
}
