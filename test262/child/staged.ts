/** The sources of one run in a scratch tree, as a project of their own. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { applyPlanToText } from "../../src/rewrite/text.ts";
import { isModule, isPlanned, openProject, readSource, type Project } from "../../src/transform/project.ts";
import type { Diagnostic } from "../../src/messages/diagnostic.ts";
import type { TestCase } from "../cases.ts";

/** Where one process stages its runs, one after the other. */
export class Stage {
  readonly root: string;
  readonly #files = new Set<string>();
  /** Folders stay: making and removing them takes longer than the test. */
  readonly #folders = new Set<string>();

  /** @param parent an existing folder */
  constructor(parent: string) {
    this.root = mkdtempSync(join(parent, "child-"));
    writeFileSync(join(this.root, "package.json"), '{"name":"test262","type":"module"}');
  }

  get files(): ReadonlySet<string> {
    return this.#files;
  }

  clear(): void {
    for (const file of this.#files) unlinkSync(file);
    this.#files.clear();
  }

  write(file: string, text: string): void {
    const folder = dirname(file);
    if (!this.#folders.has(folder)) mkdirSync(folder, { recursive: true });
    this.#folders.add(folder);
    this.#files.add(file);
    writeFileSync(file, text);
  }
}

export class StagedCase {
  readonly project: Project;
  /** The test itself. */
  readonly entry: string;
  readonly #suite: string;
  readonly #stage: Stage;
  readonly #cyclic: ReadonlySet<string>;

  constructor(suite: string, test: TestCase, lift: boolean, stage: Stage) {
    stage.clear();
    this.#suite = suite;
    this.#stage = stage;
    this.entry = join(stage.root, test.kind === "script" ? test.path.replace(/\.js$/, ".cjs") : test.path);
    const text = readFileSync(join(suite, test.path), "utf8");
    stage.write(this.entry, test.prefix + text);
    this.#stageImports(join(suite, test.path), text);
    this.project = openProject("test262", { lift }, stage.root);
    this.#cyclic = this.project.links.filesInCycles(this.files);
  }

  get root(): string {
    return this.#stage.root;
  }

  get files(): readonly string[] {
    return [...this.#stage.files];
  }

  /** Whether all that was staged does; a module that nobody loads need not. */
  get parses(): boolean {
    return this.files.every((file) => isModule(this.project.module(file)));
  }

  /** The modules that the text names, and theirs. */
  #stageImports(path: string, text: string): void {
    for (const [, specifier] of text.matchAll(/['"`](\.\.?\/[^'"`\n]+\.js)['"`]/g)) {
      const imported = resolve(dirname(path), specifier ?? "");
      const copy = this.#copyOf(imported);
      if (this.#stage.files.has(copy) || !existsSync(imported)) continue;
      const own = readFileSync(imported, "utf8");
      this.#stage.write(copy, own);
      this.#stageImports(imported, own);
    }
  }

  #copyOf(path: string): string {
    return join(this.#stage.root, relative(this.#suite, path));
  }

  /** The test as the transformer emits it. */
  emitEntry(kind: TestCase["kind"]): string | readonly Diagnostic[] {
    return this.#emit(this.entry, kind === "script" ? "cjs" : "esm");
  }

  /** A module of the suite as the transformer emits it. */
  emitModule(path: string): string | readonly Diagnostic[] {
    const copy = this.#copyOf(path);
    if (!this.#stage.files.has(copy)) this.#stage.write(copy, readFileSync(path, "utf8"));
    return this.#emit(copy, "esm");
  }

  #emit(file: string, format: "esm" | "cjs"): string | readonly Diagnostic[] {
    const text = readSource(file);
    const planned = this.project.plan(file, text, { format, table: { form: this.#cyclic.has(file) ? "hoisted" : "constant" } });
    return isPlanned(planned) ? applyPlanToText(text, planned.plan, file).code : planned;
  }
}
