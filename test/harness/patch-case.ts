/**
 * Patch fixtures: `fixtures/patch/<case>/` holds `base/` (a program, `input.ts` its entry), `changed/` (the files that
 * the fix changes or adds) and `expected.json`. Names of refused ones end in `-refused`. See the type.
 */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPatch, type BuildOptions, type BuildResult } from "../../src/builder/build.ts";
import { pickerOf } from "../../src/builder/pick/pick.ts";
import { namedModules } from "../../src/manifest/facts.ts";
import { readManifest, writeManifest } from "../../src/manifest/file.ts";
import type { TransformOptions } from "../../src/transform/options.ts";
import { ROOT, type Stage } from "./stage.ts";
import { writeConfig, type BackEnd, type TransformCase } from "./transform-case.ts";

export const PATCH_FIXTURES: string = join(ROOT, "fixtures", "patch");

/** A kind of change: what of a module, and what happened to it. */
export interface Change {
  readonly what: string;
  readonly how: string;
}

/** `expected.json` */
export type PatchExpectation = {
  /** What the case is about, in one sentence. */
  readonly about: string;
  /** The rows of docs/changes.md that it stands for; see scripts/change-rows.ts. */
  readonly changes?: readonly Change[];
  /** Module format of the host. Default `esm`. */
  readonly format?: "esm" | "cjs";
  readonly backEnds?: readonly BackEnd[];
  /** Of the tsconfig, beside those of every case. */
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
  /** Options of the transformer. */
  readonly options?: TransformOptions;
  readonly notices?: readonly string[];
  /** Options of the builder. */
  readonly build?: Pick<BuildOptions, "acceptLive" | "strictLive" | "acceptLockfile" | "acceptComputed"> & { readonly pick?: readonly string[] };
  /** What the patch accepts of live code: ids and lines. */
  readonly live?: readonly string[];
  /** Compiler options that the fix changes. */
  readonly changedCompilerOptions?: Readonly<Record<string, unknown>>;
  /** Files beside `src`, before and after the fix. */
  readonly beside?: Readonly<Record<string, readonly [before: string, after: string]>>;
  /** What the host has otherwise than this version would emit it. */
  readonly host?: {
    /** Targets without a guard, by file. */
    readonly unguarded?: Readonly<Record<string, readonly string[]>>;
    /** File → specifier → file that the host's own tool took it for. */
    readonly answers?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  /** The file of callbacks, among the sources. */
  readonly callbacks?: string;
  /** Files of the base that the fix removes. */
  readonly removes?: readonly string[];
} & (
  | {
      readonly outcome: "built";
      /** Ids of the functions in the patch; none where nothing changed. */
      readonly functions: readonly string[];
      /** Lines of `main()` once the patch is in: those of a fresh process of the fixed program. */
      readonly patched: readonly string[];
    }
  | { readonly outcome: "refused"; readonly codes: readonly string[]; readonly places: readonly (string | null)[] }
);

export interface PatchCase extends TransformCase {
  readonly outcome: PatchExpectation;
}

export function readPatchCases(): readonly PatchCase[] {
  return readdirSync(PATCH_FIXTURES).toSorted().map((name) => {
    const folder = join(PATCH_FIXTURES, name, "base");
    const files = readdirSync(folder).toSorted();
    const outcome = JSON.parse(readFileSync(join(PATCH_FIXTURES, name, "expected.json"), "utf8")) as PatchExpectation;
    const entry = files.find((file) => file.startsWith("input.")) ?? "input.ts";
    const { about, format, backEnds } = outcome;
    const options = { ...(outcome.compilerOptions === undefined ? {} : { compilerOptions: outcome.compilerOptions }), ...(outcome.options === undefined ? {} : { options: outcome.options }), ...(format === undefined ? {} : { format }), ...(backEnds === undefined ? {} : { backEnds }) };
    return { name, folder, entry, files, outcome, expected: { about, ...options, unpatched: [], patched: [], rolledBack: [] } };
  });
}

/** Puts the fix into the staged source tree. */
export function changeSources(each: PatchCase, stage: Stage): void {
  cpSync(join(each.folder, "..", "changed"), stage.path("src"), { recursive: true });
  for (const file of each.outcome.removes ?? []) rmSync(stage.path("src", file));
  for (const [file, [, after]] of Object.entries(each.outcome.beside ?? {})) writeFileSync(stage.path(file), after);
  if (each.outcome.changedCompilerOptions !== undefined) writeConfig(each, stage, each.outcome.changedCompilerOptions);
}

/** Puts the base back, so that another back end can build it. */
export function restoreSources(each: PatchCase, stage: Stage): void {
  rmSync(stage.path("src"), { recursive: true });
  writeConfig(each, stage);
  cpSync(each.folder, stage.path("src"), { recursive: true });
  for (const [file, [before]] of Object.entries(each.outcome.beside ?? {})) writeFileSync(stage.path(file), before);
}

/** Writes down another host than the one that was emitted. */
export function changeHost({ outcome: { host } }: PatchCase, stage: Stage): void {
  if (host === undefined) return;
  const file = stage.path("hotfix.manifest.json");
  const manifest = readManifest(file);
  const modules = new Map([...manifest.modules].map(([key, { fingerprint, content, text, blob, facts }]) => {
    const path = key.replace(/^.*:src\//, "");
    const answers = host.answers?.[path] ?? {};
    const targets = facts.targets.filter(({ name }) => host.unguarded?.[path]?.includes(name) !== true);
    const specifiers = facts.specifiers.map((each) => (answers[each.specifier] === undefined ? each : { ...each, answer: { is: "module", key: key.replace(path, answers[each.specifier] ?? "") } as const }));
    const changed = { ...facts, targets, specifiers };
    return [key, { fingerprint, content, text, blob, facts: changed, named: namedModules(changed) }];
  }));
  writeManifest(file, { ...manifest, modules });
}

export function buildFrom(stage: Stage, { build: { pick, ...options } = {}, callbacks }: Pick<PatchExpectation, "build" | "callbacks"> = {}): BuildResult {
  return buildPatch({
    base: stage.path("hotfix.manifest.json"),
    source: stage.folder,
    ...(pick === undefined ? {} : { pick: pickerOf(pick) }),
    ...(callbacks === undefined ? {} : { callbacks: stage.path("src", callbacks) }),
    ...options,
  });
}
