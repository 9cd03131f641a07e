/** What is asked of git. Nothing is ever written into the repository, its index or its list of work trees. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

export interface Commit {
  readonly hash: string;
  /** First parent. */
  readonly parent: string;
  /** First line of the message. */
  readonly subject: string;
  /** Changed files below the folder, relative to it. */
  readonly files: readonly string[];
}

export class Repository {
  readonly #folder: string;
  /** The folder's path from the root of the work tree, with a slash at its end; empty for the root. */
  readonly prefix: string;

  /** @throws Error where the folder is in no repository */
  constructor(folder: string) {
    this.#folder = folder;
    this.prefix = this.#git(["rev-parse", "--show-prefix"]).trim();
  }

  /** Absolute path of the work tree's root. */
  get root(): string {
    return this.#git(["rev-parse", "--show-toplevel"]).trim();
  }

  /** Commits with one parent that change something below the folder, newest first. */
  *commits(range: string): Generator<Commit> {
    const listed = this.#git(["log", "--no-merges", "--format=%H %P", range, "--", "."]).split("\n");
    for (const line of listed) {
      const [hash, parent] = line.split(" ");
      if (!hash || !parent) continue;
      const files = this.#git(["diff-tree", "-r", "--name-only", "--no-renames", "--relative", parent, hash]).split("\n").filter((file) => file !== "");
      yield { hash, parent, subject: this.#git(["log", "-1", "--format=%s", hash]).trim(), files };
    }
  }

  /** Writes a commit's whole tree to a folder. */
  export(commit: string, folder: string): void {
    mkdirSync(folder, { recursive: true });
    const index = `${folder}.index`;
    const environment = { ...process.env, GIT_INDEX_FILE: index };
    this.#git(["read-tree", commit], environment);
    execFileSync("git", ["checkout-index", "--all", "--quiet", `--prefix=${join(folder, "/")}`], { cwd: this.root, env: environment });
    rmSync(index);
  }

  #git(args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
    return execFileSync("git", [...args], { cwd: this.#folder, encoding: "utf8", env, maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] });
  }
}
