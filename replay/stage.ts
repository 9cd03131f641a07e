/** A commit and its parent as two trees outside the repository, with the packages that are installed in it. */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { globSync } from "tinyglobby";
import type { FileKinds } from "./files.ts";
import type { Commit, Repository } from "./repository.ts";

/** One state of the package. Paths of files are relative to its folder. */
export interface Tree {
  readonly folder: string;
  readonly sources: readonly string[];
  readonly tests: readonly string[];
  /** Whether functions of classes and object literals are lifted in it. */
  readonly lift: boolean;
}

export interface Stage {
  readonly base: Tree;
  readonly fix: Tree;
  remove(): void;
}

/** The folder for everything that one run writes. */
export function makeScratch(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "ts-hotfix-replay-")));
}

interface Staging {
  readonly scratch: string;
  readonly lift: boolean;
  /** Stands for `tsconfig.json` in both trees. */
  readonly tsconfig?: string;
}

export function stageCommit(repository: Repository, commit: Commit, kinds: FileKinds, { scratch, lift, tsconfig }: Staging): Stage {
  const folder = join(scratch, commit.hash.slice(0, 12));
  const tree = (name: string, hash: string): Tree => {
    const root = join(folder, name);
    repository.export(hash, root);
    linkModules(repository, root);
    if (tsconfig !== undefined) replaceTsconfig(resolve(root, repository.prefix), tsconfig);
    return { ...readTree(resolve(root, repository.prefix), kinds), lift };
  };
  return { base: tree("base", commit.parent), fix: tree("fix", commit.hash), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function readTree(folder: string, kinds: FileKinds): Omit<Tree, "lift"> {
  const files = existsSync(folder) ? globSync("**/*", { cwd: folder, ignore: ["**/node_modules/**"], followSymbolicLinks: false }).toSorted() : [];
  return { folder, sources: files.filter((file) => kinds.isSource(file)), tests: files.filter((file) => kinds.holdsTests(file)) };
}

function replaceTsconfig(folder: string, tsconfig: string): void {
  if (existsSync(join(folder, tsconfig))) copyFileSync(join(folder, tsconfig), join(folder, "tsconfig.json"));
}

/** Every `node_modules` between the root of the repository and the package. */
function linkModules(repository: Repository, root: string): void {
  const steps = repository.prefix.split("/").filter((step) => step !== "");
  for (let depth = 0; depth <= steps.length; depth++) {
    const at = steps.slice(0, depth);
    const installed = join(repository.root, ...at, "node_modules");
    const parent = join(root, ...at);
    if (!existsSync(installed) || !existsSync(parent) || readdirSync(parent).includes("node_modules")) continue;
    symlinkSync(installed, join(parent, "node_modules"), "dir");
  }
}
