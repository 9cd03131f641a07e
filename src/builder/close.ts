/** Close: what the changed code needs beside itself. Every name is explained, or refused. */
import type { ModuleAnalysis } from "../analyze/analysis.ts";
import { splitKey } from "../manifest/module-key.ts";
import { PROVIDED, type Manifest } from "../manifest/manifest.ts";
import { diagnostic, type Diagnostic, type Place } from "../messages/diagnostic.ts";
import type { NamespaceEntry, PatchBindings, PatchImport, PatchImportSource } from "../patch/payload.ts";
import { placeAt } from "../syntax/place.ts";
import type { ModuleChange } from "./classify/classify.ts";
import { isMutable, loadsOf, packagesLoaded } from "./bring.ts";
import { shownName } from "./classify/classify-new.ts";
import { piecesOf, type CodeRequest } from "./code/pieces.ts";
import { privatesOf } from "./code/privates.ts";
import { COMMONJS_NAMES, globalUses, importForms, scopeUses, withClassFields } from "./code/uses.ts";
import { checkRequires } from "./check/requires.ts";
import { refuseDecorators } from "./code/decorators.ts";
import { enumText } from "./values/const-enum.ts";
import { compileToJavaScript, type JavaScript } from "./code/javascript.ts";
import type { LoadedTree } from "./load/load.ts";
import { enumsThroughNamespaces } from "./trace/namespace-enums.ts";
import { namespaceUses, type NamespaceUses } from "./trace/namespace-uses.ts";
import { addedNames } from "./code/pattern.ts";
import type { Trace } from "./trace/trace.ts";
import { exportMap, followImport, hostBinding, type ExportTarget } from "./world/follow.ts";

/** A module's part of the patch, every name resolved. */
export interface ClosedModule {
  readonly change: ModuleChange;
  readonly javascript: JavaScript;
  readonly request: CodeRequest;
  readonly bindings: PatchBindings;
  /** Modules that must have been evaluated before it: see `PatchModule`. */
  readonly loads: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface CloseOptions {
  /** Globals that the host has beside those of Node.js. */
  readonly globals: ReadonlySet<string>;
  readonly trace: Trace;
}

export function close(changes: readonly ModuleChange[], tree: LoadedTree, options: CloseOptions): readonly ClosedModule[] {
  const additions = new Set(
    changes.flatMap((change) => [...change.added.map(({ name }) => name), ...[...change.variables, ...change.copies].flatMap(addedNames)].map((name) => `${change.module.key}#${name}`)),
  );
  return changes
    .filter((change) => change.isNew || change.replaced.length + change.added.length + change.variables.length + change.copies.length + change.loads.length > 0)
    .map((change) => closeModule(change, { tree, options, additions }));
}

interface Context {
  readonly tree: LoadedTree;
  readonly options: CloseOptions;
  /** `key#name` of everything the patch adds. */
  readonly additions: ReadonlySet<string>;
}

function closeModule(change: ModuleChange, context: Context): ClosedModule {
  const { after } = change.module;
  const javascript = compileToJavaScript(after.analysis, context.tree.manifest.environment);
  const added = new Set([...change.added.map(({ name }) => name), ...[...change.variables, ...change.copies].flatMap(addedNames)]);
  const draft: CodeRequest = {
    functions: [...change.replaced, ...change.added].map((target) => target.name),
    added: new Set(change.added.map(({ name }) => name)),
    variables: [
      ...change.variables.flatMap((binding) => addedNames(binding).map((name) => ({ name, mutable: isMutable(binding) }))),
      ...change.copies.map((binding) => ({ name: binding.name, mutable: false })),
    ],
    statements: change.isNew,
    strict: after.outline.strict || context.tree.manifest.environment.alwaysStrict,
    file: splitKey(context.tree.project.keyOf(after.file)).path,
    inlined: new Map(),
    defines: Object.fromEntries(Object.entries(context.tree.manifest.environment.defines).filter(([, text]) => text !== PROVIDED)),
  };
  const fixed = new Set<string>();
  const live = new Set<string>();
  const imports = new Map<string, PatchImport>();
  const inlined = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];

  for (const { name, within } of scopeUses(javascript, draft)) {
    if (added.has(name) || fixed.has(name) || live.has(name) || imports.has(name) || inlined.has(name)) continue;
    const found = resolveName(name, change, javascript, context);
    if (found.kind === "fixed") fixed.add(name);
    else if (found.kind === "live") live.add(name);
    else if (found.kind === "import") imports.set(name, { local: name, from: found.from });
    else if (found.kind === "inlined") inlined.set(name, found.text);
    else diagnostics.push(refuse(found.code, name, within, found.module, after.analysis));
  }
  const request = { ...draft, inlined };
  for (const { name, within, module } of enumsThroughNamespaces(javascript, request, change.module.key, context.tree)) diagnostics.push(refuse("HF1408", name, within, module, after.analysis));
  diagnostics.push(...checkGlobals(change, javascript, request, context), ...checkImportForms(change, javascript, request, context, fixed), ...checkRequires(change.module.after, javascript, request, context.tree));
  if (!context.tree.manifest.environment.compiler.useDefineForClassFields) {
    for (const name of withClassFields(javascript, request)) diagnostics.push(diagnostic("HF1108", "refusal", { name }, placeOf(after.analysis, name)));
  }
  diagnostics.push(...refuseDecorators(change));
  for (const each of packagesLoaded(change, imports)) imports.set(each.local, each);
  const privates = new Set(piecesOf(javascript.analysis, request).flatMap(({ target }) => (target && privatesOf(target)) ?? []));
  const byName = (a: string, b: string): number => (a < b ? -1 : 1);
  return {
    change,
    javascript,
    request,
    bindings: {
      fixed: [...fixed].toSorted(byName),
      live: [...live].toSorted(byName),
      ...(privates.size > 0 && { privates: [...privates].toSorted(byName) }),
      imports: [...imports.values()].toSorted((a, b) => byName(a.local, b.local)),
    },
    loads: loadsOf(change, imports.values(), context.tree),
    // of a new module that is refused as a whole, its names would only repeat that
    diagnostics: change.isNew && change.diagnostics.length > 0 ? [] : diagnostics,
  };
}

type Resolution =
  | { readonly kind: "fixed" }
  | { readonly kind: "live" }
  | { readonly kind: "import"; readonly from: PatchImportSource }
  | { readonly kind: "inlined"; readonly text: string }
  | { readonly kind: "refused"; readonly code: "HF1402" | "HF1403" | "HF1404" | "HF1408"; readonly module: string };

function resolveName(name: string, change: ModuleChange, javascript: JavaScript, context: Context): Resolution {
  const { key, after, before, turned } = change.module;
  const { tree } = context;
  const revalued = turned.revalued.get(name);
  if (revalued?.kind === "inline") return { kind: "inlined", text: revalued.text };
  if (revalued) return { kind: "import", from: { kind: "added", key: revalued.module.key, name: revalued.binding.name } };
  const imported = after.outline.imports.find((each) => each.local === name);
  if (imported) {
    const target = followImport(tree.fixed, imported.from, imported.imported);
    const constant = target.kind === "binding" ? enumText(tree, target.key, target.name) : undefined;
    if (constant !== undefined) return { kind: "inlined", text: constant };
    const inHost = before.imports.some((each) => each.local === name) && !turned.rebound.has(name) && !turned.reshaped.has(name);
    if (inHost) return { kind: hostBinding(tree.base, key, name) === "fixed" ? "fixed" : "live" };
    const uses = target.kind === "namespace" ? namespaceUses(after.analysis, name, target.key, tree.fixed) : undefined;
    return resolveImport(target, "module" in imported.from ? imported.from.module : imported.from.specifier, context, uses);
  }
  const own = enumText(tree, key, name);
  if (own !== undefined) return { kind: "inlined", text: own };
  // the getter of the scope accessor has its own
  if (name === "arguments") return { kind: "refused", code: "HF1404", module: key };
  const host = hostBinding(tree.base, key, name);
  if (host === "fixed" && after.analysis.reassignsUnseen && after.analysis.scopes.module.set.get(name)?.defs.some(({ type }) => type === "FunctionName")) return { kind: "live" };
  if (host === "fixed" || host === "live") return { kind: host };
  // A new declaration that cannot come with a patch: it has been refused already.
  if (after.outline.bindings.some((each) => each.names.includes(name))) return { kind: "fixed" };
  if (COMMONJS_NAMES.has(name) && after.analysis.parsed.sourceType === "commonjs") return { kind: "live" };
  // The compiler's own imports, such as the JSX runtime.
  const compiled = javascript.analysis.imports.find((each) => each.local === name);
  if (compiled) return { kind: "import", from: { kind: "package", specifier: compiled.specifier, imported: compiled.imported } };
  return { kind: "refused", code: "HF1404", module: key };
}

/** @param uses what is named of a namespace; nobody sees whether it has more */
function resolveImport(target: ExportTarget, source: string, context: Context, uses?: NamespaceUses): Resolution {
  const { tree, additions, options } = context;
  switch (target.kind) {
    case "package":
      // A file beside the module (JSON, excluded): where it stands in a bundle is not known.
      if (/^\.{0,2}\//.test(target.specifier)) return { kind: "refused", code: "HF1403", module: target.specifier };
      return { kind: "import", from: { kind: "package", specifier: target.specifier, imported: target.imported } };
    case "namespace": {
      const exports: Record<string, NamespaceEntry> = {};
      for (const [exported, found] of exportMap(tree.fixed, target.key)) {
        if (uses && !uses.whole.has(target.key) && !uses.members.some((each) => each.key === target.key && each.name === exported)) continue;
        if (found.kind !== "binding") return { kind: "refused", code: "HF1408", module: target.key };
        const { key, name } = found;
        const added = additions.has(`${key}#${name}`);
        if (!added && options.trace.revalued.of(key, name)) return { kind: "refused", code: "HF1408", module: target.key };
        // What the members of a `const enum` become is decided where they are named.
        if (!added && (name === "default" || ["absent", "const enum"].includes(hostBinding(tree.base, key, name)))) return { kind: "refused", code: "HF1408", module: target.key };
        exports[exported] = { key, name, added };
      }
      return { kind: "import", from: { kind: "hostNamespace", exports } };
    }
    case "binding": {
      const { key, name } = target;
      if (additions.has(`${key}#${name}`)) return { kind: "import", from: { kind: "added", key, name } };
      if (name === "default") return importedElsewhere(key, tree);
      const host = hostBinding(tree.base, key, name);
      if (host === "fixed" || host === "live") return { kind: "import", from: { kind: "host", key, name, fixed: host === "fixed" } };
      return { kind: "refused", code: "HF1403", module: key };
    }
    case "missing":
      return { kind: "refused", code: "HF1403", module: source };
  }
}

/** An anonymous default export has no name in its own module, but another module of the host may import it. */
function importedElsewhere(key: string, tree: LoadedTree): Resolution {
  for (const other of tree.base.importersOf(key)) {
    const found = tree.base.outline(other)?.imports.find((each) => each.imported === "default" && "module" in each.from && each.from.module === key);
    if (found) return { kind: "import", from: { kind: "host", key: other, name: found.local, fixed: true } };
  }
  return { kind: "refused", code: "HF1402", module: key };
}

function checkGlobals(change: ModuleChange, javascript: JavaScript, request: CodeRequest, context: Context): readonly Diagnostic[] {
  const unexplained = new Map<string, string>();
  for (const { name, within } of globalUses(javascript, request)) {
    if (COMMONJS_NAMES.has(name) && change.module.after.analysis.parsed.sourceType === "commonjs") continue;
    const isProvided = context.tree.manifest.environment.defines[name] === PROVIDED;
    if (isProvided) unexplained.set(name, within);
    else if (name !== "arguments" && !(name in globalThis) && !context.options.globals.has(name) && !Object.hasOwn(request.defines, name)) unexplained.set(name, within);
  }
  return [...unexplained].map(([name, target]) =>
    diagnostic("HF1404", "refusal", { name, target }, placeOf(change.module.after.analysis, target)),
  );
}

function checkImportForms(change: ModuleChange, javascript: JavaScript, request: CodeRequest, context: Context, fixed: Set<string>): readonly Diagnostic[] {
  const { key, after } = change.module;
  return importForms(javascript, request).flatMap(({ form, specifier, within }): Diagnostic[] => {
    fixed.add(form);
    const place = placeOf(after.analysis, within);
    if (change.isNew && form !== "import()") return [diagnostic("HF1412", "refusal", { module: key }, place)];
    if (form !== "import()" && !change.isNew && !offersImportMeta(context.tree.manifest, key, form)) return [diagnostic("HF1407", "refusal", { target: within }, place)];
    const origin = specifier === undefined ? undefined : after.originOf(specifier);
    return origin && "module" in origin ? [diagnostic("HF1405", "refusal", { target: within, module: origin.module }, place)] : [];
  });
}

/** Whether the scope accessor of the host's module has what the code asks of `import.meta`. */
function offersImportMeta({ modules }: Manifest, key: string, form: "import.meta" | "import.meta.url"): boolean {
  const offered = modules.get(key)?.facts.importMeta;
  return offered === "all" || (offered === "url" && form === "import.meta.url");
}

function refuse(code: "HF1402" | "HF1403" | "HF1404" | "HF1408", name: string, within: string, module: string, analysis: ModuleAnalysis): Diagnostic {
  const place = placeOf(analysis, within);
  if (code === "HF1404") return diagnostic(code, "refusal", { name, target: shownName(within) }, place);
  return diagnostic(code, "refusal", { name: `\`${shownName(within)}\``, module }, place);
}

/** The place of a function or variable of the fixed source. */
function placeOf(analysis: ModuleAnalysis, name: string): Place {
  const statement = name.startsWith("#") ? analysis.init[Number(name.slice(1)) - 1] : undefined;
  const found = statement ?? analysis.targets.find((target) => target.name === name) ?? analysis.bindings.find((binding) => binding.name === name || binding.names.includes(name));
  return placeAt(analysis.parsed.file, analysis.parsed.text, found?.start ?? 0, found?.end ?? 0);
}
