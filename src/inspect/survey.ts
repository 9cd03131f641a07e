/** What the page shows: every module of a build with its functions and what stands in a patch's way, its code, and the patch in place. */
import type { ModuleAnalysis, Range } from "../analyze/analysis.ts";
import { statementsOf } from "../audit/statement.ts";
import { measure } from "../audit/measure.ts";
import { loadTree, type LoadedTree } from "../builder/load/load.ts";
import { displayKey } from "../manifest/module-key.ts";
import type { Manifest, ModuleFacts } from "../manifest/manifest.ts";
import type { Diagnostic } from "../messages/diagnostic.ts";
import type { Patch } from "../patch/file.ts";
import { lineStarts, positionAt } from "../syntax/place.ts";
import { formatOf } from "../transform/file-format.ts";
import { PackageTypes } from "../transform/package-type.ts";
import { isPlanned, readSource } from "../transform/project.ts";
import { changesOf } from "./changes.ts";
import { emitLines } from "./emitted.ts";
import type { FunctionState, ModuleCode, PageChange, PageData, PageFunction, PageHost, PageModule, PagePatch, SourceState } from "./page-data.ts";
import { World } from "../builder/world/world.ts";
import type { WorldModule } from "../builder/world/module.ts";

export interface SurveyOptions {
  /** Path of the manifest of the running build, or its content. */
  readonly base: string | Manifest;
  /** Folder of the host's package, as it was built. */
  readonly source: string;
  readonly patch?: Patch | undefined;
  readonly host?: PageHost | undefined;
  /** Ids of the functions that stand in place on the host. */
  readonly patched?: ReadonlySet<string> | undefined;
  /** What is known beside: of the host, say. */
  readonly notices?: readonly string[];
}

export interface SurveyedModule extends Omit<PageModule, "block" | "at"> {
  readonly code: ModuleCode | undefined;
}

export interface Survey extends Omit<PageData, "modules"> {
  readonly modules: readonly SurveyedModule[];
  /** Files of the tree that do not parse. */
  readonly errors: readonly Diagnostic[];
}

/** @throws HotfixError HF2101 (manifest), HF2102, HF2103 (source) */
export function surveyBuild({ base, source, patch, host, patched = new Set(), notices = [] }: SurveyOptions): Survey {
  const tree = loadTree(base, source);
  const { manifest } = tree;
  const stateOf = judge(patched, patch, host, manifest.package);
  const types = new PackageTypes();
  const cyclic = tree.project.links.filesInCycles([...tree.fixed.modules.values()].map(({ file }) => file));
  const modules = [...manifest.modules].map(([key, { facts }]) => surveyModule(key, facts, { tree, types, cyclic, stateOf }));
  return {
    package: manifest.package,
    build: manifest.build,
    notices: [...notices, ...told(modules)],
    modules,
    errors: tree.diagnostics,
    ...(patch === undefined ? {} : { patch: surveyPatch(patch, tree) }),
    ...(host === undefined ? {} : { host }),
  };
}

type Judge = (key: string, name: string) => FunctionState;

function judge(patched: ReadonlySet<string>, patch: Patch | undefined, host: PageHost | undefined, home: string): Judge {
  const pending = new Set(host?.pending);
  const brought = new Set(patch?.payload.modules.flatMap(({ key, functions }) => functions.map(({ name }) => `${key}#${name}`)));
  return (key, name) => {
    if (patched.has(`${displayKey(key, home)}#${name}`)) return "patched";
    if (!brought.has(`${key}#${name}`)) return "patchable";
    // without a host: as it will be
    return host === undefined ? "patched" : pending.has(key) ? "pending" : "patchable";
  };
}

interface Surroundings {
  readonly tree: LoadedTree;
  readonly types: PackageTypes;
  readonly cyclic: ReadonlySet<string>;
  readonly stateOf: Judge;
}

function surveyModule(key: string, facts: ModuleFacts, surroundings: Surroundings): SurveyedModule {
  const { tree, stateOf } = surroundings;
  const path = displayKey(key, tree.manifest.package);
  const module = tree.fixed.modules.get(key);
  if (module === undefined) {
    const functions = facts.targets.map(({ name }): PageFunction => ({ name, line: 0, endLine: 0, statements: 1, state: stateOf(key, name) }));
    const isBroken = tree.diagnostics.some(({ place }) => place?.file.endsWith(`/${path}`) === true);
    return { path, source: isBroken ? "broken" : "missing", statements: functions.length, functions, spots: [], code: undefined };
  }
  const { analysis } = module;
  const measured = measure(analysis, key, tree.manifest.package);
  const here = (each: Diagnostic): Diagnostic => (each.place === undefined ? each : { ...each, place: { ...each.place, file: path } });
  const refusals = measured.spots.map(({ refusal }) => here(refusal));
  return {
    path,
    source: sourceState(module, tree.manifest),
    statements: measured.statements,
    functions: surveyFunctions(analysis, (name) => stateOf(key, name)),
    spots: measured.spots.map(({ statements, refusal }) => ({ statements, line: refusal.place?.line ?? 1, code: refusal.code, name: /`([^`]*)`/.exec(refusal.message)?.[1] ?? "top-level statements" })),
    code: {
      text: analysis.parsed.text,
      lines: measured.lines.map((state) => (state === undefined ? "." : state.charAt(0))).join(""),
      emitted: emittedOf(module, surroundings),
      refusals,
      live: measured.live.map(here),
    },
  };
}

function sourceState({ key, content }: WorldModule, { modules }: Manifest): SourceState {
  return modules.get(key)?.content === content ? "as built" : "changed";
}

function surveyFunctions(analysis: ModuleAnalysis, stateOf: (name: string) => FunctionState): readonly PageFunction[] {
  const starts = lineStarts(analysis.parsed.text);
  const counts = countWithin(statementsOf(analysis), analysis.targets.map(({ fn }) => fn));
  return analysis.targets.map(({ name, fn }, index) => ({
    name,
    line: positionAt(starts, fn.start).line,
    endLine: positionAt(starts, fn.end).line,
    statements: counts[index] ?? 0,
    state: stateOf(name),
  }));
}

/** Both sorted by where they start; the functions do not overlap. */
function countWithin(statements: readonly Range[], functions: readonly Range[]): readonly number[] {
  let at = 0;
  return functions.map(({ start, end }) => {
    while ((statements[at]?.start ?? Infinity) < start) at++;
    const first = at;
    while ((statements[at]?.start ?? Infinity) < end) at++;
    return at - first;
  });
}

function emittedOf({ file, analysis }: WorldModule, { tree, types, cyclic }: Surroundings): ModuleCode["emitted"] {
  const format = formatOf(analysis, types, false);
  const table = { form: format.format === "esm" && cyclic.has(file) ? "hoisted" : "constant" } as const;
  const planned = tree.project.plan(file, readSource(file), { ...format, table });
  return isPlanned(planned) ? emitLines(planned.analysis.parsed.text, planned.plan) : { changed: {}, appended: [] };
}

function surveyPatch({ id, payload, signers, bytes }: Patch, tree: LoadedTree): PagePatch {
  const built = { ...tree, fixed: new World(new Map([...tree.fixed.modules].filter(([, module]) => sourceState(module, tree.manifest) === "as built"))) };
  const modules = [...payload.modules, ...(payload.callbacks === null ? [] : [payload.callbacks.module])];
  const changes = modules.flatMap((module): readonly PageChange[] => changesOf({ ...payload, modules: [module], callbacks: null }, module.origin === "new" || built.fixed.has(module.key) ? built : undefined));
  return { id, sequence: payload.sequence, bytes, signedBy: signers, changes };
}

function told(modules: readonly SurveyedModule[]): readonly string[] {
  const count = (state: SourceState): number => modules.filter(({ source }) => source === state).length;
  const sentence = (number: number, what: string): readonly string[] => (number === 0 ? [] : [`${number} of ${modules.length} files ${what}`]);
  return [
    ...sentence(count("changed"), "are not as they were built: what is shown of them is the file in the tree, not the running code."),
    ...sentence(count("missing"), "are not in the tree: only their functions' names are known."),
    ...sentence(count("broken"), "do not parse: only their functions' names are known."),
  ];
}
