/** `ts-hotfix audit`: how patchable a tree is, file by file, before a fix is needed. */
import { join, relative, sep } from "node:path";
import { splitKey } from "../manifest/module-key.ts";
import { diagnostic, HotfixError, type Diagnostic } from "../messages/diagnostic.ts";
import { isModule } from "../transform/project.ts";
import { openTree, type AuditOptions } from "./files.ts";
import { measure, type FileMeasure } from "./measure.ts";

export interface FileAudit extends FileMeasure {
  /** Relative to the project's root, with forward slashes. */
  readonly file: string;
  readonly text: string;
}

export interface Totals {
  readonly files: number;
  readonly statements: number;
  readonly patchable: number;
  readonly targets: number;
  /** Closures that live on and loops that never end. */
  readonly live: number;
}

export interface Audit {
  readonly root: string;
  readonly total: Totals;
  /** Those with the most statements that cannot be patched first. */
  readonly files: readonly FileAudit[];
  /** Files that do not parse (HF0002); they are in no number. */
  readonly errors: readonly Diagnostic[];
}

/**
 * @param folder what to look at: a project with a `tsconfig.json`, or a folder of sources. Default: the working directory
 * @throws HotfixError HF0006 where there is no source file
 */
export function auditTree(folder: string = process.cwd(), options: AuditOptions = {}): Audit {
  const { project, files } = openTree(folder, options);
  if (files.length === 0) throw new HotfixError(diagnostic("HF0006", "error", { detail: `there is no source file of a program in ${folder}` }));
  const home = splitKey(project.keyOf(join(project.root, "package.json"))).package;
  const measured: FileAudit[] = [];
  const errors: Diagnostic[] = [];
  for (const path of files) {
    const module = project.module(path);
    if (!isModule(module)) errors.push(...module);
    else measured.push({ file: relative(project.root, path).split(sep).join("/"), text: module.analysis.parsed.text, ...measure(module.analysis, module.key, home) });
  }
  const sum = (of: (file: FileAudit) => number): number => measured.reduce((total, file) => total + of(file), 0);
  return {
    root: project.root,
    total: {
      files: measured.length,
      statements: sum((file) => file.statements),
      patchable: sum((file) => file.patchable),
      targets: sum((file) => file.targets),
      live: sum((file) => file.live.length),
    },
    files: measured.toSorted((a, b) => fixedIn(b) - fixedIn(a) || (a.file < b.file ? -1 : 1)),
    errors,
  };
}

/** Per cent, rounded down to one decimal: 100 says that there is nothing left. A file without statements is all patchable. */
export function shareOf({ statements, patchable }: Pick<Totals, "statements" | "patchable">): number {
  return statements === 0 ? 100 : Math.floor((patchable / statements) * 1000) / 10;
}

export function fixedIn({ statements, patchable }: Pick<Totals, "statements" | "patchable">): number {
  return statements - patchable;
}
