/** Temporary projects: a copy of a folder with this package linked in, as an installed one would be. */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

export interface Stage {
  /** Absolute, without symbolic links. */
  readonly folder: string;
  path(...parts: readonly string[]): string;
  remove(): void;
}

/** An empty folder whose `node_modules` holds this package and everything it has installed. */
export function makeStage(name: string, packageJson: object = { name, type: "module" }): Stage {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `ts-hotfix-${name}-`)));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules", "ts-hotfix"), "dir");
  for (const installed of ["typescript", "ts-patch", "rollup", "tslib", "tsx", "ws", "@rollup", "@types"]) {
    symlinkSync(join(ROOT, "node_modules", installed), join(folder, "node_modules", installed), "dir");
  }
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(packageJson)}\n`);
  return {
    folder,
    path: (...parts) => join(folder, ...parts),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A copy of a fixture's folder as a stage. */
export function stageCopy(name: string, source: string): Stage {
  const stage = makeStage(name);
  cpSync(source, stage.folder, { recursive: true, filter: (path) => !path.includes("node_modules") && !path.endsWith("dist") });
  return stage;
}
