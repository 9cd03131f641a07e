/** Analysis → facts: what is emitted for a module, and where its specifiers lead. Draws no conclusion. */
import type { Binding, ModuleAnalysis, Target } from "../analyze/analysis.ts";
import { computedImports } from "../analyze/computed-imports.ts";
import { privateMembers } from "../analyze/private-names.ts";
import { segmentsOf, type InitMode } from "../plan/init-entry.ts";
import { scopeEntries } from "../plan/scope-accessor.ts";
import type { Answer, ModuleFacts, NamedModules, ParameterFact, SpecifierFact, TargetFact } from "./manifest.ts";

/** How a module is emitted; see `PlanOptions`. */
export interface EmittedModule {
  readonly format: "esm" | "cjs";
  /** See {@link ModuleFacts.readAs}. */
  readonly readAs: "module" | "commonjs";
  /** Default true. */
  readonly importMeta?: boolean | "url";
  readonly typed?: boolean;
  readonly unnamable?: ReadonlySet<string>;
}

export function factsOf(analysis: ModuleAnalysis, emitted: EmittedModule, init: InitMode, answerOf: (specifier: string) => Answer): ModuleFacts {
  const { typed = false, unnamable } = emitted;
  const isTyped = typed && analysis.parsed.language.typed;
  const entries = scopeEntries(analysis).filter(({ name }) => unnamable?.has(name) !== true);
  return {
    format: emitted.format,
    readAs: emitted.readAs,
    targets: analysis.targets.map(targetFact),
    scope: entries.map(({ name }) => name),
    mutable: entries.filter(({ mutable }) => mutable).map(({ name }) => name),
    importMeta: importMetaOf(analysis, emitted),
    privates: Object.fromEntries(analysis.bindings.flatMap((binding) => {
      const names = privatesHandedOut(binding);
      return names.length === 0 ? [] : [[binding.name, names] as const];
    })),
    // TypeScript that is checked behind us keeps its statements where they are
    init: isTyped && init === "auto" ? [] : segmentsOf(analysis, init).map(({ length }) => length),
    specifiers: specifierFacts(analysis, answerOf),
    computed: computedImports(analysis.parsed),
  };
}

export function targetFact({ name, slot, form, kind, forwards, parameters }: Target): TargetFact {
  return { name, slot, form, kind, forwards, parameters: parameterFact(parameters) };
}

function parameterFact({ handling, list }: Target["parameters"]): ParameterFact {
  return {
    handling,
    count: list.filter((parameter) => !parameter.rest).length,
    rest: list.some((parameter) => parameter.rest),
    inert: list.every((parameter) => parameter.shape === "name" && (parameter.default === undefined || parameter.default.inert)),
  };
}

/** Private names that a class with lifted functions hands out. An anonymous class hands out nothing. */
export function privatesHandedOut({ names, lifted: [first] }: Binding): readonly string[] {
  const container = first?.member?.container;
  return names.length > 0 && (container?.type === "ClassDeclaration" || container?.type === "ClassExpression") ? privateMembers(container).map(({ name }) => name) : [];
}

/** What the answers among a module's facts lead to. */
export function namedModules({ specifiers }: ModuleFacts): NamedModules {
  const named = (...kinds: readonly string[]): readonly string[] => {
    const answers = specifiers.filter(({ how }) => how.some((each) => kinds.includes(each))).map(({ answer }) => answer);
    return [...new Set(answers.flatMap((answer) => (answer.is === "module" || answer.is === "file" ? [answer.key] : [])))];
  };
  return { linked: named("import", "reexport", "bare"), exported: named("reexport"), dynamic: named("dynamic") };
}

/** As `planScopeAccessor` writes it. */
function importMetaOf(analysis: ModuleAnalysis, { format, importMeta = true }: EmittedModule): ModuleFacts["importMeta"] {
  if (format === "cjs") return "none";
  if (importMeta === "url") return analysis.importMeta ? "url" : "none";
  return analysis.importMeta ? "all" : importMeta ? "url" : "none";
}

/** Imports that only types need lead nowhere. */
function specifierFacts(analysis: ModuleAnalysis, answerOf: (specifier: string) => Answer): readonly SpecifierFact[] {
  const found = new Map<string, Set<SpecifierFact["how"][number]>>();
  const add = (specifier: string, how: SpecifierFact["how"][number]): void => void found.set(specifier, (found.get(specifier) ?? new Set()).add(how));
  for (const { specifier, bare, reexport, elidable } of analysis.sources) if (!elidable) add(specifier, bare ? "bare" : reexport ? "reexport" : "import");
  // import { a } from "./a"; export { a };
  const exported = new Set(analysis.exports.flatMap(({ specifier, local }) => (specifier === undefined && local !== undefined ? [local] : [])));
  for (const { local, specifier } of analysis.imports) if (exported.has(local) && found.has(specifier)) add(specifier, "reexport");
  for (const specifier of analysis.dynamicImports) add(specifier, "dynamic");
  return [...found].map(([specifier, how]) => ({ specifier, how: [...how], answer: answerOf(specifier) }));
}
