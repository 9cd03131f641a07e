/**
 * What the plugins of all bundlers share: which modules are rewritten, the tables that bundled code needs, the manifest at
 * the end. Knows no bundler. Nothing is remembered from module to module: bundlers take unchanged ones from their caches.
 */
import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import { isAbsolute, relative, resolve } from "node:path";
import type { ModuleAnalysis } from "../analyze/analysis.ts";
import type { Answer, OutsideFact } from "../manifest/manifest.ts";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { hasCode, type TableForm } from "../plan/make-plan.ts";
import { applyPlanToText } from "../rewrite/text.ts";
import { walk } from "../syntax/walk.ts";
import type { BuildFacts } from "../transform/build-facts.ts";
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

/** A specifier of a file, and what the bundler found there. */
export interface Edge {
  readonly importer: string;
  readonly specifier: string;
  /** A file, with a query where the bundler makes an instance of its own for it; or a name, of what stays outside. */
  readonly imported: string;
  /** It stays outside of the bundle. */
  readonly external: boolean;
}

export class Bundle {
  readonly #tool: string;
  readonly #options: TransformOptions;
  #root: string;
  #form: ModuleForm;
  #defines: Readonly<Record<string, string>> = {};
  #conditions: readonly string[] = [];
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
  configure(settings: { readonly root?: string; readonly form?: ModuleForm; readonly defines?: Readonly<Record<string, string>>; readonly conditions?: readonly string[] }): void {
    this.#root = settings.root ?? this.#root;
    this.#form = settings.form ?? this.#form;
    this.#defines = settings.defines ?? this.#defines;
    this.#conditions = settings.conditions ?? this.#conditions;
    this.#project = this.#open();
  }

  /** A build begins: what an earlier one in this process knew of files may not hold any more. */
  begin(): void {
    this.#project = this.#open();
    this.#quiet = new QuietModules((file) => this.#project.links.loaded(file));
  }

  #open(): Project {
    const define = { ...this.#defines, ...this.#options.define };
    return openProject(this.#tool, Object.keys(this.#defines).length === 0 ? { ...this.#options } : { ...this.#options, define }, this.#root, { conditions: this.#conditions });
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

  /** What a module names, in source order: what it loads at once, and what later. */
  specifiersOf(file: string): { readonly linked: readonly string[]; readonly dynamic: readonly string[] } {
    const analysis = this.#project.links.loaded(resolve(file))?.analysis;
    return { linked: [...new Set(analysis?.sources.filter(({ elidable }) => !elidable).map(({ specifier }) => specifier))], dynamic: [...new Set(analysis?.dynamicImports)] };
  }

  /** The file that our own resolver finds. */
  guess(importer: string, specifier: string): string | undefined {
    return this.#project.pathOf(importer, specifier);
  }

  /** Where the bundler found what modules name. */
  #answersOf(edges: Iterable<Edge>): NonNullable<BuildFacts["answerOf"]> {
    const found = new Map<string, Edge>();
    for (const edge of edges) if (this.covers(edge.importer)) found.set(`${resolve(edge.importer)}\0${edge.specifier}`, edge);
    return (file, specifier) => {
      const edge = found.get(`${file}\0${specifier}`);
      return edge && this.#answerOf(edge);
    };
  }

  #answerOf({ imported, external, specifier }: Edge): Answer | undefined {
    if (isBuiltin(specifier)) return { is: "builtin" };
    const [path = "", query] = imported.split("?", 2);
    // a name, or a module that a plugin makes
    if (!isAbsolute(path) || !existsSync(path)) return { is: "package", ...(external ? {} : { bundled: true }) };
    const bundled = external ? {} : ({ bundled: true } as const);
    if (/[\\/]node_modules[\\/]/.test(path)) return { is: "package", ...bundled, file: relative(this.root, path).replaceAll("\\", "/") };
    const key = this.#project.keyOf(path);
    if (!this.covers(path) || external) return { is: "file", key, ...bundled };
    return { is: "module", key, ...(query === undefined ? {} : { instance: query }) };
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
    const left = new Map<string, OutsideFact["why"]>();
    const errors: Diagnostic[] = [];
    for (const module of this.#project.modules(covered)) {
      if (!hasCode(module.analysis) || registered.has(module.fingerprint)) kept.push(module.file);
      else if (texts.some((text) => text.includes(JSON.stringify(module.key).slice(1, -1)) && text.includes(tableNameOf(module.key)))) errors.push(diagnostic("HF0033", "error", { file: module.file }));
      else if (isThere(module.file) || !this.canBeDropped(module.file)) left.set(module.file, "dropped");
    }
    const coverage = describeCoverage(this.#project.modules(kept));
    if (errors.length > 0) return { errors, coverage };
    const { typed, importMeta } = this.#form;
    const path = this.#options.manifest ?? resolve(folder ?? ".", file);
    const by = this.#tool.replace(/^ts-hotfix\//, "").replace("rollup-plugin", "rollup");
    this.#project.writeManifest(path, kept, { emittedAs: () => ({ format: "esm", typed, importMeta }), answerOf: this.#answersOf(edges), resolution: { by, conditions: this.#conditions }, left });
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
