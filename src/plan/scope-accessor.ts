/** The scope accessor: the function through which patch code reaches a module's own bindings. */
import type { Binding, ModuleAnalysis } from "../analyze/analysis.ts";
import { once } from "../analyze/once.ts";
import type { InjectedNames } from "./names.ts";
import type { Fragment } from "./plan.ts";

/** A binding that patch code can reach. */
export interface ScopeEntry {
  readonly name: string;
  /** Assignments are possible. */
  readonly mutable: boolean;
  /** Offset of an occurrence of the name. */
  readonly occurrence: number;
}

/** The bindings of a module that its scope accessor offers, in source order. */
export function scopeEntries(analysis: ModuleAnalysis): readonly ScopeEntry[] {
  const entries = new Map<string, ScopeEntry>();
  const add = (name: string, mutable: boolean, occurrence: number): void => {
    if (!entries.has(name)) entries.set(name, { name, mutable, occurrence });
  };
  for (const each of analysis.imports) if (each.usedAsValue && each.reference !== undefined) add(each.local, false, each.reference);
  for (const target of analysis.targets) if (target.binding !== undefined) add(target.binding, false, target.start);
  const used = once(() => namesUsed(analysis));
  for (const binding of analysis.bindings) {
    if (binding.kind === "const enum" || (binding.kind === "import =" && !isExported(binding, analysis) && !used().has(binding.name))) continue;
    const mutable = binding.kind === "let" || binding.kind === "var" || (binding.assigned && binding.kind !== "const");
    for (const name of binding.names) add(name, mutable, binding.start);
  }
  for (const statement of analysis.init) {
    for (const declaration of statement.vars) for (const name of declaration.names) add(name, true, declaration.start);
  }
  return [...entries.values()].toSorted((a, b) => a.occurrence - b.occurrence);
}

/** `import a = N.a` and `import a = require("a")` leave nothing behind where only types name `a`. */
function namesUsed({ targets, bindings, init }: ModuleAnalysis): ReadonlySet<string> {
  return new Set([...targets, ...bindings, ...init].flatMap(({ uses }) => uses));
}

// export import a = N.a
function isExported({ name, node }: Binding, { exports }: ModuleAnalysis): boolean {
  return node.type === "TSImportEqualsDeclaration" && exports.some(({ local, specifier }) => specifier === undefined && local === name);
}

/** What only a CommonJS file has, as far as it does not bind the names itself. */
const COMMONJS: readonly string[] = ["require", "module", "exports", "__filename", "__dirname"];

export interface EmittedForm {
  readonly format: "esm" | "cjs";
  readonly importMeta?: boolean | "url";
  readonly typed?: boolean;
  /** Imports that the emitted text must not name by themselves: `const enum`s. */
  readonly unnamable?: ReadonlySet<string>;
}

// --> function $scope() { return { get a() { return a; }, get b() { return b; }, set b($v) { b = $v; } }; }
export function planScopeAccessor(analysis: ModuleAnalysis, { format, importMeta = true, typed = false, unnamable }: EmittedForm, names: InjectedNames): readonly Fragment[] {
  const entries = scopeEntries(analysis).filter(({ name }) => unnamable?.has(name) !== true);
  const own = new Set(entries.map((entry) => entry.name));
  const members: Fragment[][] = [];
  if (format === "esm") {
    if (importMeta === true || analysis.importMeta) members.push([`get "import.meta.url"() { return ${typed && analysis.parsed.language.typed ? "(import.meta as any)" : "import.meta"}.url; }`]);
    if (analysis.importMeta && importMeta !== "url") members.push(['get "import.meta"() { return import.meta; }']);
  } else {
    for (const name of COMMONJS) if (!own.has(name)) members.push([`get ${name}() { return ${name}; }`]);
  }
  for (const { name, mutable, occurrence } of entries) {
    const reference: Fragment = { name, occurrence };
    members.push([`get ${name}() { return `, reference, "; }"]);
    if (mutable) members.push([`set ${name}(${names.value}) { `, reference, ` = ${names.value}; }`]);
  }
  return [`function ${names.scope}() { return { `, ...members.flatMap((member, index) => (index === 0 ? member : [", ", ...member])), " }; }"];
}
