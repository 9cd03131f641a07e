/** The sources of one run in a scratch tree, as a project of their own. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { applyPlanToText } from "../../src/rewrite/text.ts";
import { isModule, isPlanned, openProject, readSource, type Project } from "../../src/transform/project.ts";
import type { Diagnostic } from "../../src/messages/diagnostic.ts";
import type { TestCase } from "../cases.ts";

/** One for each process; emptied before each run. */
const scratch = mkdtempSync(join(tmpdir(), "test262-"));
writeFileSync(join(scratch, "package.json"), '{"name":"test262","type":"module"}');
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));

export class StagedCase {
  readonly project: Project;
  /** The test itself. */
  readonly entry: string;
  readonly #suite: string;
  readonly #files = new Set<string>();
  readonly #cyclic: ReadonlySet<string>;

  constructor(suite: string, test: TestCase) {
    rmSync(join(scratch, "test"), { recursive: true, force: true });
    this.#suite = suite;
    this.entry = join(scratch, test.kind === "script" ? test.path.replace(/\.js$/, ".cjs") : test.path);
    const text = readFileSync(join(suite, test.path), "utf8");
    this.#write(this.entry, test.prefix + text);
    this.#stageImports(join(suite, test.path), text);
    this.project = openProject("test262", {}, scratch);
    this.#cyclic = this.project.filesInCycles(this.files);
  }

  get root(): string {
    return scratch;
  }

  get files(): readonly string[] {
    return [...this.#files];
  }

  /** Whether all that was staged does; a module that nobody loads need not. */
  get parses(): boolean {
    return this.files.every((file) => isModule(this.project.module(file)));
  }

  #write(file: string, text: string): void {
    this.#files.add(file);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** The modules that the text names, and theirs. */
  #stageImports(path: string, text: string): void {
    for (const [, specifier] of text.matchAll(/['"`](\.\.?\/[^'"`\n]+\.js)['"`]/g)) {
      const imported = resolve(dirname(path), specifier ?? "");
      const copy = this.#copyOf(imported);
      if (this.#files.has(copy) || !existsSync(imported)) continue;
      const own = readFileSync(imported, "utf8");
      this.#write(copy, own);
      this.#stageImports(imported, own);
    }
  }

  #copyOf(path: string): string {
    return join(scratch, relative(this.#suite, path));
  }

  /** The test as the transformer emits it. */
  emitEntry(kind: TestCase["kind"]): string | readonly Diagnostic[] {
    return this.#emit(this.entry, kind === "script" ? "cjs" : "esm");
  }

  /** A module of the suite as the transformer emits it. */
  emitModule(path: string): string | readonly Diagnostic[] {
    const copy = this.#copyOf(path);
    if (!this.#files.has(copy)) this.#write(copy, readFileSync(path, "utf8"));
    return this.#emit(copy, "esm");
  }

  #emit(file: string, format: "esm" | "cjs"): string | readonly Diagnostic[] {
    const text = readSource(file);
    const planned = this.project.plan(file, text, { format, table: { form: this.#cyclic.has(file) ? "hoisted" : "constant" } });
    return isPlanned(planned) ? applyPlanToText(text, planned.plan, file).code : planned;
  }
}
