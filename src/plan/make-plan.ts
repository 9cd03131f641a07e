/** Analysis → plan. */
import type { ModuleAnalysis } from "../analyze/analysis.ts";
import { digest } from "../syntax/digest.ts";
import { planClassBlocks } from "./class-block.ts";
import { planGuard } from "./guard.ts";
import { checkExplicitInit, planInit, type InitMode } from "./init-entry.ts";
import { chooseNames, type InjectedNames } from "./names.ts";
import type { Edit, Plan } from "./plan.ts";
import { planScopeAccessor } from "./scope-accessor.ts";
import { planTells } from "./tell.ts";
import { annotateVariables, makeTyping } from "./typing.ts";

export interface PlanOptions {
  readonly key: string;
  readonly fingerprint: string;
  readonly init: InitMode;
  /** What the emitted file is: how it reaches the runtime and what its scope has beside its own bindings. */
  readonly format: "esm" | "cjs";
  readonly table: TableForm;
  /** The emitted text stays TypeScript and is type-checked by somebody. Default false. */
  readonly typed?: boolean;
  /**
   * The emitted file may name `import.meta`; not where a later tool makes CommonJS of it. `"url"`: a later tool puts the value
   * of `import.meta.url` in its place, and leaves nothing else of it. Default true.
   */
  readonly importMeta?: boolean | "url";
  /** A minifier comes after us that drops defaults of `undefined`, and so changes the `length` of functions. Default false. */
  readonly opaque?: boolean;
  /** Imported `const enum`s, which TypeScript lets nobody name without a member. Default none. */
  readonly unnamable?: ReadonlySet<string>;
  /** Imported functions that are declared to return `never`. Default none. */
  readonly nevers?: ReadonlySet<string>;
}

/**
 * `constant`: nothing can call into the module before its first statement. `hoisted`: something can.
 * `chunk`: the bundler adapter declares a table of this name at the top of the chunk.
 */
export type TableForm = { readonly form: "constant" } | { readonly form: "hoisted" } | { readonly form: "chunk"; readonly name: string };

/** What emitted modules import. */
export const MODULE_RUNTIME = "ts-hotfix/module";

export function makePlan(analysis: ModuleAnalysis, options: PlanOptions): Plan {
  const { identifiers } = analysis;
  const chosen = chooseNames(identifiers, (name) => analysis.rebinds.has(name), analysis.scopes.bindsOutside, options.table.form === "chunk" ? options.table.name : undefined, endingOf(analysis, options));
  // no slot has this name: always undefined, and no minifier can know it
  const names = options.opaque === true ? { ...chosen, missing: `${chosen.table}.$` } : chosen;
  if (!hasCode(analysis)) return { edits: [], table: names.table, diagnostics: [] };
  const typing = options.typed === true && analysis.parsed.language.typed ? makeTyping(analysis, names, options.nevers) : undefined;
  // The compiler follows what statements assign and narrow where they stand, not into functions.
  const lifts = typing && options.init === "auto" ? [] : planInit(analysis, options.init, names);
  const tells = planTells(analysis, names);
  const blocks = planClassBlocks(analysis, names, typing !== undefined);
  const guards = analysis.targets.map((target) => planGuard(target, names, typing));
  const annotations = typing ? annotateVariables(analysis) : [];
  const edits: Edit[] = [
    { op: "prologue", at: analysis.firstStatement, statements: prologue(options, names, analysis.targets.length, lifts.length + tells.length > 0, typing !== undefined) },
    ...[...lifts, ...guards, ...tells, ...blocks, ...annotations].toSorted((a, b) => positionOf(a) - positionOf(b)),
    { op: "epilogue", statements: planScopeAccessor(analysis, options, names) },
  ];
  return { edits, table: names.table, diagnostics: [...(options.init === "explicit" ? checkExplicitInit(analysis) : []), ...(typing?.notices ?? [])] };
}

/** To a compiler that checks them, the scripts of a program have one scope. */
function endingOf({ parsed }: ModuleAnalysis, { key, typed, format }: PlanOptions): string {
  const isScript = typed === true && format === "cjs" && parsed.language.typed && !parsed.program.body.some(({ type }) => /^(Import|Export|TSImportEquals|TSExport)/.test(type));
  return isScript ? `_${digest(key).replaceAll(/\W/g, "_").slice(0, 8)}` : "";
}

/** A module of types alone is left as it is, and so is one that has been transformed already. */
export function hasCode(analysis: ModuleAnalysis): boolean {
  if (analysis.imports.some((each) => each.specifier === MODULE_RUNTIME)) return false;
  if (analysis.parsed.text.includes(`(${JSON.stringify(MODULE_RUNTIME)}).register(`)) return false;
  return analysis.targets.length > 0 || analysis.bindings.length > 0 || analysis.init.length > 0;
}

function positionOf(edit: Edit): number {
  if (edit.op === "tell" || edit.op === "class block" || edit.op === "annotation") return edit.at;
  if (edit.op === "lift") return edit.statements[0]?.start ?? 0;
  return "fn" in edit ? edit.fn.start : 0;
}

// --> import { register as $register } from "ts-hotfix/module"; class $T {} const $t = new $T(); const $module = $register("key", "fingerprint", $t, $scope, 3);
function prologue(options: PlanOptions, names: InjectedNames, targets: number, usesHandle: boolean, typed: boolean): string {
  const registration = `(${JSON.stringify(options.key)}, ${JSON.stringify(options.fingerprint)}, ${names.table}, ${names.scope}, ${targets});`;
  const handle = usesHandle ? `const ${names.module} = ` : "";
  const table = declareTable(options.table, names, typed);
  if (options.format === "cjs") return `${table}${handle}${names.require}(${JSON.stringify(MODULE_RUNTIME)}).register${registration} `;
  return `import { register as ${names.register} } from ${JSON.stringify(MODULE_RUNTIME)}; ${table}${handle}${names.register}${registration} `;
}

function declareTable(table: TableForm, names: InjectedNames, typed: boolean): string {
  switch (table.form) {
    case "constant":
      return `class ${names.tableClass} {} const ${names.table} = new ${names.tableClass}(); `;
    case "hoisted":
      return `function ${names.table}() {} `;
    case "chunk":
      return typed ? `declare const ${names.table}: any; ` : "";
  }
}
