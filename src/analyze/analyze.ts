/** Syntax tree → {@link ModuleAnalysis}. */
import type { Node } from "oxc-parser";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { isParsed, parse, type Parsed, type SourceType } from "../syntax/parse.ts";
import { firstFrom } from "../syntax/ordered.ts";
import { placeAt } from "../syntax/place.ts";
import { analyzeScopes, namesEval, type Scopes } from "../syntax/scopes.ts";
import { isTypeOnly } from "../syntax/walk.ts";
import type { Binding, ImportBinding, ModuleAnalysis, NonTarget, NonTargetReason, Target } from "./analysis.ts";
import { isFunction, readFunctions, type Functions } from "./functions.ts";
import { readInit } from "./init.ts";
import { readHiddenAssignments, type HiddenAssignments } from "./reassigned.ts";
import { readLifted, tellReason } from "./lifted.ts";
import { findMembers, type LiftRules, type Members } from "./members.ts";
import { readNonTargets } from "./non-targets.ts";
import { once } from "./once.ts";
import { readTags, type Tag } from "./tags.ts";
import { readTarget } from "./target.ts";
import { readStructure, type Structure, type TopLevel } from "./top-level.ts";
import { readUses, type Uses } from "./uses.ts";

export interface AnalyzeOptions {
  /** `tagged`: only functions tagged `@hotfix` are targets. Default `all`. */
  readonly targets?: "all" | "tagged";
  /** Functions that are targets by an analysis of the source: compilers write assignments that never happen. */
  readonly trusted?: ReadonlySet<string>;
  /** Functions that the running host has no guard for, though this version would give them one. Default: none. */
  readonly unguarded?: ReadonlySet<string> | undefined;
  /** Which functions of classes and object literals are targets too. Default: none. */
  readonly lift?: LiftRules | undefined;
  /** Source type of a text that does not tell. Default `module`. */
  readonly sourceType?: SourceType;
}

/** Parses and analyzes one file; a text that does not parse gives its errors (HF0002). */
export function analyzeText(file: string, text: string, options: AnalyzeOptions = {}): ModuleAnalysis | readonly Diagnostic[] {
  const parsed = parse(file, text, options.sourceType);
  return isParsed(parsed) ? analyze(parsed, options) : parsed;
}

export function isAnalysis(result: ModuleAnalysis | readonly Diagnostic[]): result is ModuleAnalysis {
  return "parsed" in result;
}

export function analyze(parsed: Parsed, options: AnalyzeOptions = {}): ModuleAnalysis {
  const scopes = analyzeScopes(parsed);
  const structure = readStructure(parsed.program, parsed.text);
  const mode = options.targets ?? "all";
  const tags = new Tagging(parsed, readTags(parsed), mode);
  const trusted = options.trusted ?? new Set();
  const members = options.lift && findMembers(structure.items, { rules: options.lift, scopes, mode, trusted, tagOf: (tagAt) => tags.nameOf(tagAt) });
  const candidates = new Set([...structure.items.flatMap((item) => candidate(item) ?? []), ...(members?.lifted ?? []).map(({ fn }) => fn)]);
  const functions = readFunctions(parsed.program, candidates);
  const uses = readUses(scopes, structure);
  const strict = isStrict(parsed);
  const surelyStrict = parsed.sourceType === "module" || hasDirective(parsed) || isCompiled(parsed);
  const hidden = readHiddenAssignments(parsed.program, scopes, surelyStrict);
  const sorted = sortItems(structure.items, { parsed, scopes, functions, uses, strict: surelyStrict, hidden, tags, trusted, unguarded: options.unguarded ?? new Set() }, members);
  const imports = readImports(structure, uses);
  const others = once(() => {
    const found = readNonTargets(parsed.program, candidates);
    return members === undefined ? found : found.map((each) => tellReason(each, members.reasons));
  });
  if (tags.areOpen) for (const nonTarget of others()) tags.refuse(nonTarget, nonTarget.tagAt);
  const nonTargets = once(() => [...others(), ...sorted.nonTargets].toSorted((a, b) => a.start - b.start));
  return {
    parsed,
    scopes,
    strict,
    targets: sorted.targets,
    bindings: sorted.bindings,
    imports,
    sources: structure.sources.map((source) => ({
      specifier: source.specifier,
      bare: source.bare,
      reexport: source.always && !source.bare,
      elidable: parsed.language.typed && !source.always && !source.names.some((name) => uses.exported.has(name.local) || uses.of(name.local) !== undefined),
    })),
    exports: structure.exports,
    init: readInit(structure.items, { parsed, scopes, uses, strict: surelyStrict, namesEval: functions.identifiers.has("eval"), exported: uses.exported }),
    get nonTargets() {
      return nonTargets();
    },
    firstStatement: structure.firstStatement,
    identifiers: functions.identifiers,
    rebinds: new Set(["undefined", "Reflect", "globalThis"].filter((name) => functions.identifiers.has(name) && scopes.binds(name))),
    reassignsUnseen: hidden.anywhere,
    importMeta: functions.importMeta,
    dynamicImports: functions.dynamicImports,
    diagnostics: tags.finish(),
  };
}

function isStrict(parsed: Parsed): boolean {
  return parsed.sourceType === "module" || parsed.language.typed || hasDirective(parsed);
}

/** `import a = require("a")` and `export =` are for the compiler, which makes strict code of their modules. */
function isCompiled({ program }: Parsed): boolean {
  return program.body.some(({ type }) => type === "TSExportAssignment" || type === "TSImportEqualsDeclaration");
}

/** CommonJS code without it is what its compiler makes of it, or sloppy where Node.js itself takes the types away. */
function hasDirective(parsed: Parsed): boolean {
  return parsed.program.body.some((statement) => statement.type === "ExpressionStatement" && statement.directive === "use strict");
}

/** The function that would be the target of a top-level item, if its binding allows. */
function candidate(item: TopLevel): Node | undefined {
  if (item.is === "function") return item.fn;
  return item.is === "variable" && item.kind === "const" && item.init && isFunction(item.init) && item.names.length === 1 && isPlainName(item.node)
    ? item.init
    : undefined;
}

function isPlainName(declarator: Node): boolean {
  return declarator.type === "VariableDeclarator" && declarator.id.type === "Identifier";
}

interface Facts {
  readonly parsed: Parsed;
  readonly scopes: Scopes;
  readonly functions: Functions;
  readonly uses: Uses;
  readonly strict: boolean;
  readonly hidden: HiddenAssignments;
  readonly tags: Tagging;
  readonly trusted: ReadonlySet<string>;
  readonly unguarded: ReadonlySet<string>;
}

interface Sorted {
  readonly targets: Target[];
  readonly bindings: Binding[];
  readonly nonTargets: NonTarget[];
}

function sortItems(items: readonly TopLevel[], facts: Facts, members: Members | undefined): Sorted {
  const sorted: Sorted = { targets: [], bindings: [], nonTargets: [] };
  for (const each of members?.lifted ?? []) {
    const unguarded = facts.unguarded.has(each.name);
    const target = unguarded ? undefined : readLifted(each, facts);
    if (target !== undefined) {
      sorted.targets.push(target);
      facts.tags.accept(each.tagAt);
    } else {
      const nonTarget: NonTarget = { start: each.fn.start, end: each.fn.end, node: each.fn, name: each.name.replaceAll("/", "."), reason: unguarded ? "no guard" : "parameters cannot be forwarded" };
      sorted.nonTargets.push(nonTarget);
      facts.tags.refuse(nonTarget, each.tagAt);
    }
  }
  const lifted = [...sorted.targets];
  for (const item of items) {
    if (item.is === "init") continue;
    const fn = candidate(item);
    const refused = fn && isFunction(fn) ? readCandidate(item, fn, facts, sorted) : undefined;
    if (fn && !refused) continue;
    if (fn && refused) {
      const name = item.is === "function" ? item.name : ("names" in item ? item.names[0] : undefined) ?? "default";
      const nonTarget = { start: fn.start, end: fn.end, node: fn, name, reason: refused };
      sorted.nonTargets.push(nonTarget);
      facts.tags.refuse(nonTarget, item.tagAt);
    }
    sorted.bindings.push(readBinding(item, facts, lifted));
  }
  return { ...sorted, targets: sorted.targets.toSorted((a, b) => a.fn.start - b.fn.start) };
}

/** Adds the target, or says why the function is none. */
function readCandidate(item: TopLevel, fn: Node, facts: Facts, sorted: Sorted): NonTargetReason | undefined {
  if (item.is === "init" || !isFunction(fn)) return undefined;
  const name = item.is === "function" ? item.name : ("names" in item ? item.names[0] : undefined) ?? "default";
  const binding = name === "default" ? undefined : name;
  const excluded = facts.tags.excludes(item.tagAt);
  if (excluded) return excluded;
  if (facts.unguarded.has(name)) return "no guard";
  const variable = binding === undefined ? undefined : facts.scopes.module.set.get(binding);
  const definitions = variable?.defs.filter((definition) => !isTypeOnly(definition.node as unknown as Node)) ?? [];
  const functions = definitions.filter((definition) => definition.type === "FunctionName");
  const writes = variable?.references.filter((reference) => reference.isWrite() && reference.init !== true) ?? [];
  const trusted = facts.trusted.has(name);
  if (item.is === "function" && !trusted && (functions.length > 1 || definitions.some((definition) => definition.type === "Variable") || writes.length > 0 || facts.hidden.include(name))) {
    return "reassigned function";
  }
  const target = readTarget(name, binding, fn, item.range, facts);
  if (target === undefined) return "parameters cannot be forwarded";
  sorted.targets.push(target);
  facts.tags.accept(item.tagAt);
  return undefined;
}

/** @param members lifted functions of the module, in the order of the source */
function readBinding(item: Exclude<TopLevel, { is: "init" }>, facts: Facts, members: readonly Target[]): Binding {
  const lifted = members.slice(firstFrom(members, item.range.start), firstFrom(members, item.range.end));
  const names = item.is === "function" ? [item.name] : item.is === "default expression" ? [] : item.names;
  // What a direct `eval` assigns, nobody sees.
  const assigned = ("kind" in item && item.kind !== "const" && facts.functions.identifiers.has("eval") && namesEval(facts.scopes)) || names.some((name) => facts.scopes.module.set.get(name)?.references.some((reference) => reference.isWrite() && reference.init !== true));
  const uses = once(() => facts.uses.within(item.range));
  const ownUses = once(() => (lifted.length === 0 ? uses() : facts.uses.within(item.range, lifted)));
  return {
    start: item.range.start,
    end: item.range.end,
    name: names[0] ?? "default",
    names,
    kind: item.is === "function" ? "function" : item.is === "default expression" ? "const" : item.kind,
    node: item.is === "function" ? item.fn : item.node,
    get uses() {
      return uses();
    },
    assigned,
    lifted,
    get ownUses() {
      return ownUses();
    },
  };
}

function readImports(structure: Structure, uses: Uses): readonly ImportBinding[] {
  return structure.sources.flatMap((source) =>
    source.names.map(({ local, imported }) => {
      const reference = uses.of(local);
      return { start: source.start, end: source.end, local, imported, specifier: source.specifier, usedAsValue: reference !== undefined, reference };
    }),
  );
}

/** Follows what happens to every `@hotfix` tag: each must end at a target. */
class Tagging {
  readonly #parsed: Parsed;
  readonly #tags: ReadonlyMap<number, Tag>;
  readonly #mode: "all" | "tagged";
  readonly #open: Set<number>;
  readonly #diagnostics: Diagnostic[] = [];

  constructor(parsed: Parsed, tags: ReadonlyMap<number, Tag>, mode: "all" | "tagged") {
    this.#parsed = parsed;
    this.#tags = tags;
    this.#mode = mode;
    this.#open = new Set(tags.keys());
  }

  #find(tagAt: readonly number[]): { readonly tag: Tag; readonly at: number } | undefined {
    for (const at of tagAt) {
      const tag = this.#tags.get(at);
      if (tag) return { tag, at };
    }
    return undefined;
  }

  /** Some of them belong to nothing that has been read. */
  get areOpen(): boolean {
    return this.#open.size > 0;
  }

  nameOf(tagAt: readonly number[]): Tag["name"] | undefined {
    return this.#find(tagAt)?.tag.name;
  }

  excludes(tagAt: readonly number[]): "tagged @nohotfix" | "untagged" | undefined {
    const found = this.#find(tagAt);
    if (found?.tag.name === "nohotfix") {
      this.#open.delete(found.at);
      return "tagged @nohotfix";
    }
    return this.#mode === "tagged" && !found ? "untagged" : undefined;
  }

  accept(tagAt: readonly number[]): void {
    const found = this.#find(tagAt);
    if (found) this.#open.delete(found.at);
  }

  /** `@hotfix` on something that cannot be a target is an error (HF0010). */
  refuse(nonTarget: NonTarget, tagAt: readonly number[]): void {
    const found = this.#find(tagAt);
    if (!found || !this.#open.delete(found.at) || found.tag.name === "nohotfix") return;
    this.#report(found.tag, { name: nonTarget.name, reason: nonTarget.reason });
  }

  finish(): readonly Diagnostic[] {
    for (const at of this.#open) {
      const tag = this.#tags.get(at);
      if (tag?.name === "hotfix") this.#report(tag, { name: "what follows", reason: "not a function" });
    }
    return this.#diagnostics;
  }

  #report(tag: Tag, values: { readonly name: string; readonly reason: string }): void {
    const place = placeAt(this.#parsed.file, this.#parsed.text, tag.at, tag.at + tag.name.length + 1);
    this.#diagnostics.push(diagnostic("HF0010", "error", values, place));
  }
}
