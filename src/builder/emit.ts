/** Emit: closed modules → payload. */
import type { Binding, Target, Unit } from "../analyze/analysis.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { togetherName } from "../patch/adder.ts";
import { PAYLOAD_SCHEMA, type CallbackName, type PatchCallbacks, type PatchFunction, type PatchLive, type PatchModule, type PatchPayload, type PatchVariable } from "../patch/payload.ts";
import { digest } from "../syntax/digest.ts";
import { isMutable } from "./bring.ts";
import type { ModuleChange } from "./classify/classify.ts";
import { statementName } from "./classify/classify-new.ts";
import type { ClosedModule } from "./close.ts";
import { writePatchCode } from "./code/code.ts";
import { addedNames, isPattern } from "./code/pattern.ts";
import type { CallGraph } from "./trace/call-graph.ts";
import type { CodeUnit } from "./trace/units.ts";
import { isUnseen } from "./values/copies.ts";
import type { Revalued } from "./values/revalued.ts";
import { hashNode } from "./world/hashes.ts";

/** What a patch is beside its modules. */
export interface EmitContext {
  readonly manifest: Manifest;
  readonly revalued: Revalued;
  readonly calls: CallGraph;
  readonly sequence: number;
  /** Old code that goes on, as accepted. */
  readonly live: readonly PatchLive[];
  readonly callbacks: CallbacksPart | undefined;
}

/** The callbacks file, closed like a new module. */
export interface CallbacksPart {
  readonly names: readonly CallbackName[];
  readonly oncePerProcess: boolean;
  readonly closed: ClosedModule;
}

/** What tells whether two additions of the same text are the same. */
type Meanings = Pick<EmitContext, "revalued" | "calls">;

export function emit(modules: readonly ClosedModule[], context: EmitContext): PatchPayload {
  const { manifest, sequence, live, callbacks } = context;
  return {
    schema: PAYLOAD_SCHEMA,
    sequence,
    package: manifest.package,
    bases: [{ build: manifest.build }],
    live,
    modules: modules.map((module) => emitModule(module, context)),
    callbacks: callbacks === undefined ? null : emitCallbacks(callbacks, context),
  };
}

function emitCallbacks({ names, oncePerProcess, closed }: CallbacksPart, tree: Meanings): PatchCallbacks {
  return { names, oncePerProcess, module: emitModule({ ...closed, loads: [] }, tree) };
}

function emitModule(closed: ClosedModule, tree: Meanings): PatchModule {
  const { change, javascript, request, bindings, loads } = closed;
  const { key } = change.module;
  const { code, map } = writePatchCode(javascript, request);
  const asFunction = (origin: PatchFunction["origin"]) => (target: (typeof change.replaced)[number]): PatchFunction => ({
    name: target.name,
    slot: target.slot,
    origin,
    hash: hashNode(target) + hashMeaning(target, closed, tree),
    shape: shapeOf(target),
  });
  return {
    key,
    origin: change.isNew ? "new" : "host",
    fingerprint: change.module.fingerprint,
    loads,
    functions: [...change.replaced.map(asFunction("replaced")), ...change.added.map(asFunction("added"))],
    variables: emitVariables(closed, tree),
    bindings,
    file: request.file,
    code,
    map,
  };
}

/**
 * Goes with the hash of an addition's text: the hash of what the names in it mean that the patch resolves. A later patch
 * in which an import leads elsewhere or a constant has another value must not take the overlay's entry for the same.
 */
function hashMeaning(unit: Unit, { bindings, request, change }: ClosedModule, { revalued, calls }: Meanings, evaluated?: Pick<CodeUnit, "is" | "index">): string {
  const meaningOf = (name: string): string | undefined => {
    if (change.copies.some((each) => each.name === name)) return revalued.hashOf(change.module.key, name);
    const own = change.variables.find((each) => each.name === name);
    if (own !== undefined && isPlainConstant(own, change, revalued)) return hashNode(own);
    const from = bindings.imports.find(({ local }) => local === name)?.from;
    if (from === undefined) return request.inlined.get(name);
    // Which exports a namespace has is no part of what it is.
    if (from.kind === "hostNamespace") return from.kind;
    return `${JSON.stringify(from)}${from.kind === "added" ? revalued.hashOf(from.key, from.name) : ""}`;
  };
  const meanings = unit.uses.flatMap((name) => {
    const meaning = meaningOf(name);
    return meaning === undefined ? [] : [`${name} ${meaning}`];
  });
  // What was computed with another function is another value.
  if (evaluated) for (const [id, hash] of [...calls.hashesOf(change.module.after, evaluated)].toSorted()) meanings.push(`${id} ${hash}`);
  return meanings.length === 0 ? "" : `+${digest(meanings.join("\n"))}`;
}

/** In the order of evaluation. */
function emitVariables(closed: ClosedModule, tree: Meanings): readonly PatchVariable[] {
  const { module, variables, copies, statements } = closed.change;
  const declared = [...variables, ...copies].flatMap((binding): readonly (PatchVariable & { readonly at: number })[] => {
    const { name, kind } = binding;
    const at = kind === "function" ? -1 : binding.start;
    if (copies.includes(binding)) return [{ at, name, mutable: false, copy: true, hash: tree.revalued.hashOf(module.key, name) }];
    const index = module.after.analysis.bindings.indexOf(binding);
    // `const` and `let` of the same initialiser are two things.
    const rest = { at, copy: isPlainConstant(binding, closed.change, tree.revalued), hash: digest(`${kind} ${hashNode(binding)}`) + hashMeaning(binding, closed, tree, isMutable(binding) ? undefined : { is: "binding", index }) };
    const each = addedNames(binding).map((own) => ({ ...rest, name: own, mutable: isMutable(binding) }));
    return isPattern(binding) ? [{ ...rest, name: togetherName(binding.names), mutable: false }, ...each] : each;
  });
  const run = statements.map((statement, index) => ({ at: statement.start, name: statementName(index), mutable: false, copy: false, hash: digest(`statement ${hashNode(statement)}`) + hashMeaning(statement, closed, tree, { is: "init", index }) }));
  return [...declared, ...run].toSorted((a, b) => a.at - b.at).map(({ name, mutable, copy, hash }) => ({ name, mutable, copy, hash }));
}

/**
 * Whether an added constant may have another value in the next patch: nobody can tell it from another one, its value depends
 * on no other name, and only this module reads it.
 */
function isPlainConstant(binding: Binding, { module }: ModuleChange, revalued: Revalued): boolean {
  const isExported = module.after.outline.exports.some(({ local }) => local === binding.name);
  return binding.uses.length === 0 && !isExported && isUnseen(module.after, binding, revalued);
}

/** What the guard of an added function can carry: a later patch can only bring one that fits. */
function shapeOf(target: Target): string {
  const { form, kind, forwards, parameters } = target;
  // Its parameters run before the guard: such an addition stays as it came.
  if (parameters.handling === "keep") return `as it came ${hashNode(target)}`;
  const count = parameters.list.filter((parameter) => !parameter.rest).length;
  const list = forwards.arguments === "declared" ? ` ${count}${parameters.list.some((parameter) => parameter.rest) ? " and more" : ""}` : "";
  return `${form === "arrow" ? "arrow" : "function"} ${kind} ${parameters.handling}${list}${forwards.newTarget ? " new.target" : ""}`;
}
