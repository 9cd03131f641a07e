/**
 * What the plugins of all bundlers share: which modules are rewritten, the tables that bundled code needs, the manifest at
 * the end. Knows no bundler. Nothing is remembered from module to module: bundlers take unchanged ones from their caches.
 */
import { existsSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import type { ModuleAnalysis } from "../analyze/analysis.ts";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { hasCode, type TableForm } from "../plan/make-plan.ts";
import { applyPlanToText } from "../rewrite/text.ts";
import { walk } from "../syntax/walk.ts";
import { tableNameOf } from "../transform/chunk.ts";
import type { TransformOptions } from "../transform/options.ts";
import { isPlanned, openProject, type Project } from "../transform/project.ts";
import { QuietModules } from "../transform/quiet.ts";
import { describeCoverage } from "../transform/summary.ts";

/** What the bundler makes of a module's text. */
export interface ModuleForm {
  /** Types are checked after us (ts-loader), so the text stays TypeScript that a strict compiler accepts. */
  readonly typed: boolean;
  /** `true`: modules keep an `import.meta` of their own. `"url"`: the bundler puts values in its place. */
  readonly importMeta: boolean | "url";
  /** `chunk`: the tables are declared at the top of what is bundled. `module`: modules stay files of their own. */
  readonly tables: "chunk" | "module";
  /** SWC may minify: it drops defaults that it knows to be undefined. */
  readonly opaque?: boolean;
}

export interface Rewritten {
  readonly code: string;
  readonly map: { readonly version: 3; readonly mappings: string; readonly sources: (string | null)[]; readonly sourcesContent: (string | null)[]; readonly names: string[] };
}

export interface RewriteResult {
  /** Absent where the module stays as it is. */
  readonly rewritten?: Rewritten;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Finished {
  /** Errors; no manifest has been written then. */
  readonly errors: readonly Diagnostic[];
  /** One line on how much can be patched. */
  readonly coverage: string;
}

/** A file, what it imports, and the file that the bundler found there. */
export interface Edge {
  readonly importer: string;
  readonly specifier: string;
  readonly imported: string;
}

export class Bundle {
  readonly #tool: string;
  readonly #options: TransformOptions;
  #root: string;
  #form: ModuleForm;
  #defines: Readonly<Record<string, string>> = {};
  #project: Project;
  #quiet: QuietModules;

  /** Throws a HotfixError with every wrong option (HF0001, HF0003). */
  constructor(tool: string, options: TransformOptions, root: string, form: ModuleForm) {
    this.#tool = tool;
    this.#options = options;
    this.#root = root;
    this.#form = form;
    this.#project = this.#open();
    this.#quiet = new QuietModules((file) => this.#project.links.loaded(file));
  }

  get options(): TransformOptions {
    return this.#options;
  }

  get root(): string {
    return this.#project.root;
  }

  /** What is known once the bundler has read its own configuration. */
  configure(settings: { readonly root?: string; readonly form?: ModuleForm; readonly defines?: Readonly<Record<string, string>> }): void {
    this.#root = settings.root ?? this.#root;
    this.#form = settings.form ?? this.#form;
    this.#defines = settings.defines ?? this.#defines;
    this.#project = this.#open();
  }

  /** A build begins: what an earlier one in this process knew of files may not hold any more. */
  begin(): void {
    this.#project = this.#open();
    this.#quiet = new QuietModules((file) => this.#project.links.loaded(file));
  }

  #open(): Project {
    const define = { ...this.#defines, ...this.#options.define };
    return openProject(this.#tool, Object.keys(this.#defines).length === 0 ? { ...this.#options } : { ...this.#options, define }, this.#root);
  }

  /** Not what only a plugin knows: `virtual:config.ts` is no file. */
  covers(id: string): boolean {
    return isAbsolute(id) && !id.includes("?") && this.#project.covers(id) && existsSync(id);
  }

  /**
   * Nothing but a registration would happen if nobody used the module: a bundler that drops unused modules may drop it too.
   * The file on disk says so, which is what the author wrote.
   */
  canBeDropped(id: string): boolean {
    return this.#quiet.canBeDropped(resolve(id));
  }

  /** @param code what the bundler has of the file: its text, or what an earlier tool made of it */
  rewrite(id: string, code: string): RewriteResult {
    const { typed, importMeta, opaque = false } = this.#form;
    const planned = this.#project.plan(id, code, { format: "esm", table: this.#tableOf(id), typed, importMeta, opaque });
    if (!isPlanned(planned)) return { diagnostics: planned };
    const { plan, analysis } = planned;
    if (plan.edits.length === 0) return { diagnostics: plan.diagnostics };
    const reason = this.#reasonToLeave(analysis);
    if (reason !== undefined) return { diagnostics: [...plan.diagnostics, diagnostic("HF0032", "notice", { file: id, reason })] };
    const { code: rewritten, map } = applyPlanToText(analysis.parsed.text, plan, id);
    return { rewritten: { code: rewritten, map: { ...map, mappings: map.mappings, version: 3, sourcesContent: map.sourcesContent ?? [] } }, diagnostics: plan.diagnostics };
  }

  #tableOf(id: string): TableForm {
    if (this.#form.tables === "chunk") return { form: "chunk", name: tableNameOf(this.#project.keyOf(id)) };
    return { form: this.#project.links.isInCycle(id) ? "hoisted" : "constant" };
  }

  /** A CommonJS file reaches a bundle through a wrapper that the scope accessor would not see. */
  #reasonToLeave({ parsed, importMeta }: ModuleAnalysis): string | undefined {
    // export = shop --> module.exports = shop
    if (parsed.sourceType === "commonjs" || parsed.program.body.some(({ type }) => type === "TSExportAssignment")) return "it is CommonJS";
    if (importMeta && this.#form.importMeta !== true && namesImportMeta(parsed.program)) return "it names `import.meta`, of which this build leaves nothing but the URL";
    return undefined;
  }

  /** A file whose `import.meta` patch code could not have in full, if it had only the URL. */
  firstBeyondUrl(files: Iterable<string>): string | undefined {
    return this.#project.modules([...files].filter((id) => this.covers(id))).find(({ analysis }) => analysis.importMeta && namesImportMeta(analysis.parsed.program))?.file;
  }

  /** Names that a file exports, as far as it says them itself. */
  exportsOf(file: string): readonly string[] {
    return existsSync(file) ? (this.#project.links.loaded(file)?.analysis.exports.map(({ exported }) => exported).filter((name) => name !== "*" && name !== "default") ?? []) : [];
  }

  /** What a module loads at once. */
  specifiersOf(file: string): readonly string[] {
    return this.#project.links.loaded(resolve(file))?.analysis.sources.map(({ specifier }) => specifier) ?? [];
  }

  /**
   * Imports that lead the bundler to another file than they lead us: by an alias of its own, by a plugin. The manifest would
   * not know who uses that file, and a patch of it would miss them.
   */
  checkImports(edges: Iterable<Edge>): readonly Diagnostic[] {
    const found = new Map<string, Diagnostic>();
    for (const { importer, specifier, imported } of edges) {
      if (!this.covers(importer) || !this.covers(imported) || this.#project.links.leadsTo(importer, specifier, imported)) continue;
      found.set(`${importer}\0${specifier}`, diagnostic("HF0040", "error", { file: importer, specifier, imported: relative(this.root, imported) }));
    }
    return [...found.values()];
  }

  /** Names of the tables that some bundled text refers to. */
  tablesIn(text: string, files: Iterable<string>): readonly string[] {
    const used = new Set(text.match(/\$t_[0-9a-f]{10}\b/g));
    if (used.size === 0) return [];
    return [...new Set([...files].filter((id) => this.covers(id)).map((id) => tableNameOf(this.#project.keyOf(id))))].filter((name) => used.has(name));
  }

  /**
   * Writes the manifest of a build that has succeeded. Modules whose registration the bundler dropped, and those that never
   * came to us, are files outside of the build: changing them takes a restart.
   *
   * @param texts the emitted code
   * @param edges what imports what, as the bundler found it
   * @param isThere whether something of a module was emitted, where the bundler tells: one that only declares and is not
   *   there is no part of the build, and comes with a patch that needs it
   */
  finish(files: Iterable<string>, texts: readonly string[], folder: string | undefined, file: string, edges: Iterable<Edge>, isThere: (file: string) => boolean = () => true): Finished {
    const covered = [...new Set([...files].filter((id) => this.covers(id)).map((id) => resolve(id)))].toSorted();
    const registered = new Set(texts.flatMap((text) => [...text.matchAll(FINGERPRINT)].map((match) => match[1])));
    const kept: string[] = [];
    const left: string[] = [];
    const errors: Diagnostic[] = [...this.checkImports(edges)];
    for (const module of this.#project.modules(covered)) {
      if (!hasCode(module.analysis) || registered.has(module.record.fingerprint)) kept.push(module.file);
      else if (texts.some((text) => text.includes(JSON.stringify(module.key).slice(1, -1)) && text.includes(tableNameOf(module.key)))) errors.push(diagnostic("HF0033", "error", { file: module.file }));
      else if (isThere(module.file) || !this.canBeDropped(module.file)) left.push(module.file);
    }
    const coverage = describeCoverage(this.#project.modules(kept));
    if (errors.length > 0) return { errors, coverage };
    this.#project.leaveAlone(left);
    const path = this.#options.manifest ?? resolve(folder ?? ".", file);
    this.#project.writeManifest(path, kept, false, this.#form.importMeta === true);
    return { errors, coverage };
  }
}

/** As registrations have it, in whatever quotes a minifier prefers. */
const FINGERPRINT = /["'`]([\w-]{22})(?=["'`\\])/g;

/** `import.meta` for anything but its URL. */
function namesImportMeta(program: ModuleAnalysis["parsed"]["program"]): boolean {
  let found = false;
  walk(program, {
    enter(node, parent) {
      const isUrl = parent?.type === "MemberExpression" && !parent.computed && parent.property.type === "Identifier" && parent.property.name === "url";
      if (node.type === "MetaProperty" && node.meta.name === "import" && !isUrl) found = true;
      return !found;
    },
  });
  return found;
}
