/** Analysis → manifest record. */
import type { Node } from "oxc-parser";
import type { Binding, ModuleAnalysis, Target } from "../analyze/analysis.ts";
import { callNames, readCalls, type Calls } from "../analyze/calls.ts";
import { readLiveCode, type LiveCode } from "../analyze/live/live-code.ts";
import { isOrderFreeDeclaration, namesOf } from "../analyze/inert.ts";
import { unwrap } from "../syntax/walk.ts";
import { recordClassMembers } from "./class-members.ts";
import { fingerprintOf, hashBinding, hashNode, hashShell } from "./fingerprint.ts";
import type { BindingRecord, ImportOrigin, ModuleRecord, ParameterRecord, TargetRecord } from "./manifest.ts";

/**
 * @param resolve what a specifier in this module names
 */
export function makeRecord(analysis: ModuleAnalysis, resolve: (specifier: string) => ImportOrigin): ModuleRecord {
  const originOf = onceEach(resolve);
  const names = callNames(analysis);
  const held = new Set<string>();
  const callsOf = (node: Node): Calls => {
    const calls = readCalls(node, names);
    for (const name of calls.held) held.add(name);
    return calls;
  };
  const functions = new Set([...analysis.targets.map(({ name }) => name), ...analysis.imports.map(({ local }) => local)]);
  const body: Omit<ModuleRecord, "fingerprint" | "held"> = {
    strict: analysis.strict,
    importMeta: analysis.importMeta,
    targets: analysis.targets.map((target) => ({
      name: target.name,
      form: target.form,
      kind: target.kind,
      forwards: target.forwards,
      parameters: recordParameters(target),
      hash: hashNode(target),
      uses: target.uses,
      calls: callsOf(target.fn).evaluated,
      ...recordLive(readLiveCode(target, analysis)),
    })),
    bindings: analysis.bindings.map((binding) => recordBinding(binding, callsOf(binding.node))),
    imports: analysis.imports
      .filter((each) => each.usedAsValue)
      .map((each) => ({ local: each.local, imported: each.imported, from: originOf(each.specifier) })),
    loads: analysis.sources.filter((source) => !source.elidable).map(({ specifier, bare, reexport }) => ({ from: originOf(specifier), bare, reexport })),
    order: recordOrder(analysis),
    dynamic: [...new Set(analysis.dynamicImports)].map(originOf),
    exports: analysis.exports.map((each) => exportRecord(analysis, each, originOf)),
    statementVars: [...new Set(analysis.init.flatMap((statement) => statement.vars.flatMap((each) => each.names)))],
    init: analysis.init.map((statement) => ({ hash: hashNode(statement), uses: statement.uses, calls: callsOf(statement.node).evaluated })),
    frozen: analysis.nonTargets
      .filter((each) => each.reason !== "nested function")
      .map((each) => ({ name: each.name, reason: each.reason, hash: hashNode(each) })),
  };
  const record = { ...body, held: [...held].filter((name) => functions.has(name.split(".")[0] ?? "")).toSorted() };
  return { fingerprint: fingerprintOf(record), ...record };
}

/** Many names come from one module. */
function onceEach(resolve: (specifier: string) => ImportOrigin): (specifier: string) => ImportOrigin {
  const known = new Map<string, ImportOrigin>();
  return (specifier) => {
    const origin = known.get(specifier) ?? resolve(specifier);
    known.set(specifier, origin);
    return origin;
  };
}

function recordBinding(binding: Binding, calls: Calls): BindingRecord {
  const members = recordClassMembers(binding);
  return {
    names: binding.names,
    kind: binding.kind,
    assigned: binding.assigned,
    hash: hashBinding(binding),
    shell: hashShell(binding),
    ...(members === undefined ? {} : { members }),
    uses: binding.ownUses,
    calls: binding.kind === "function" ? [] : calls.evaluated,
    instanceCalls: calls.constructed,
    constructorCalls: calls.constructor,
    implicitCalls: calls.implicit,
    holds: whatItHolds(binding.node),
  };
}

const COLLECTIONS: ReadonlySet<string> = new Set(["Array", "Map", "Set", "WeakMap", "WeakSet"]);

/** What methods of known names can be told to be. */
function whatItHolds(node: Node): BindingRecord["holds"] {
  const value = node.type === "VariableDeclarator" ? node.id.type === "Identifier" && node.init && unwrap(node.init) : undefined;
  if (!value) return "anything";
  if (value.type === "ArrayExpression") return "collection";
  if (value.type === "NewExpression") return value.callee.type === "Identifier" && COLLECTIONS.has(value.callee.name) ? "collection" : "object";
  return value.type === "ObjectExpression" ? "object" : "anything";
}

function recordParameters(target: Target): ParameterRecord {
  const { handling, list } = target.parameters;
  return {
    handling,
    count: list.filter((parameter) => !parameter.rest).length,
    rest: list.some((parameter) => parameter.rest),
    inert: list.every((parameter) => parameter.shape === "name" && (parameter.default === undefined || parameter.default.inert)),
  };
}

function recordLive({ own, nested }: LiveCode): Pick<TargetRecord, "live" | "nested"> {
  return { live: own?.rule ?? null, nested: nested.map((each) => ({ hash: hashNode(each), rule: each.rule })) };
}

/** `import { a } from "./b"; export { a }` is `export { a } from "./b"`. */
function exportRecord(
  analysis: ModuleAnalysis,
  each: ModuleAnalysis["exports"][number],
  originOf: (specifier: string) => ImportOrigin,
): ModuleRecord["exports"][number] {
  if (each.specifier !== undefined) return { exported: each.exported, local: each.local ?? null, from: originOf(each.specifier) };
  const imported = analysis.imports.find((candidate) => candidate.local === each.local);
  if (imported) return { exported: each.exported, local: imported.imported, from: originOf(imported.specifier) };
  return { exported: each.exported, local: each.local ?? null, from: null };
}

/** `binding name` and `init hash`, in source order. A class or initialiser that cannot be told from another time of evaluation does not occur. */
function recordOrder(analysis: ModuleAnalysis): readonly string[] {
  const names = namesOf(analysis);
  const bindings = analysis.bindings.filter((binding) => !isOrderFreeDeclaration(binding.node, names)).map((binding) => ({ at: binding.start, id: `binding ${binding.names.join()}` }));
  const init = analysis.init.map((statement) => ({ at: statement.start, id: `init ${hashNode(statement)}` }));
  return [...bindings, ...init].toSorted((a, b) => a.at - b.at).map((each) => each.id);
}
