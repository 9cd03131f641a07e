/** A module of a world: its text, and what is concluded from it when somebody asks. */
import type { ModuleAnalysis } from "../../analyze/analysis.ts";
import { analyzeText, isAnalysis, type AnalyzeOptions } from "../../analyze/analyze.ts";
import { readModuleCalls, type ModuleCalls } from "../../analyze/calls.ts";
import { decodeCalls, encodeCalls } from "../../analyze/calls/encode.ts";
import type { ModuleFacts, TargetFact } from "../../manifest/manifest.ts";
import { HotfixError, type Diagnostic } from "../../messages/diagnostic.ts";
import { outlineIn, type ImportOrigin, type Outline, type Summary } from "./outline.ts";
import { summarise } from "./summary.ts";
import { analysisId, type AnalysisCache } from "./analysis-cache.ts";

/** What a module is made of. */
export interface ModuleSource {
  readonly key: string;
  /** Of the fixed tree; of a module that the tree does not have, where it would stand. */
  readonly file: string;
  /** Hash of the text. */
  readonly content: string;
  readonly fingerprint: string;
  /** Without a byte order mark. */
  readonly text: () => string;
  readonly options: AnalyzeOptions;
  /** Of a module that the host has. */
  readonly facts?: ModuleFacts | undefined;
}

/** Every module that a specifier of this one names. */
export interface NamedModules {
  /** Loaded when this one is linked. */
  readonly linked: readonly string[];
  readonly dynamic: readonly string[];
}

export class WorldModule {
  readonly key: string;
  readonly file: string;
  readonly content: string;
  readonly fingerprint: string;
  readonly #source: ModuleSource;
  readonly #cache: AnalysisCache;
  readonly #originOf: (specifier: string) => ImportOrigin;
  #options: AnalyzeOptions;
  #analysis: ModuleAnalysis | undefined;
  #summary: Summary | undefined;
  #outline: Outline | undefined;
  #calls: ModuleCalls | undefined;
  #change: ((outline: Outline) => Outline) | undefined;

  /** @param originOf where a specifier of the module leads in its world */
  constructor(source: ModuleSource, cache: AnalysisCache, originOf: (specifier: string) => ImportOrigin) {
    this.key = source.key;
    this.file = source.file;
    this.content = source.content;
    this.fingerprint = source.fingerprint;
    this.#source = source;
    this.#options = source.options;
    this.#cache = cache;
    this.#originOf = originOf;
  }

  get text(): string {
    return this.#source.text();
  }

  /** What its text is taken for where it does not tell itself. */
  get readAs(): AnalyzeOptions["sourceType"] {
    return this.#options.sourceType;
  }

  /** Functions that the host has no guard for, though this version would give them one. */
  get unguarded(): AnalyzeOptions["unguarded"] {
    this.#settle();
    return this.#options.unguarded;
  }

  /** Errors of a text that does not parse. */
  parse(): readonly Diagnostic[] {
    if (this.#analysis !== undefined) return [];
    const analysis = analyzeText(this.file, this.text, this.#options);
    if (!isAnalysis(analysis)) return analysis;
    this.#analysis = analysis;
    return [];
  }

  /** @throws HotfixError HF0002 for a text that does not parse */
  get analysis(): ModuleAnalysis {
    this.#settle();
    return this.#parsed();
  }

  #parsed(): ModuleAnalysis {
    const [first, ...more] = this.parse();
    if (first) throw new HotfixError(first, ...more);
    return this.#analysis as ModuleAnalysis;
  }

  get summary(): Summary {
    this.#settle();
    return (this.#summary ??= this.#summarise());
  }

  /** What its code calls. In the lists of the analysis, which are those of the outline. */
  get calls(): ModuleCalls {
    this.#settle();
    this.#calls ??= decodeCalls(this.#cache.of("calls", () => analysisId(this.file, this.content, this.#options), () => encodeCalls(readModuleCalls(this.#parsed()))));
    return this.#calls;
  }

  get outline(): Outline {
    if (this.#outline === undefined) {
      const outline = this.#asHosted(outlineIn(this.summary, this.#originOf));
      this.#outline = this.#change?.(outline) ?? outline;
    }
    return this.#outline;
  }

  /** The module with another outline, for tools that want functions to look changed. */
  with(change: (outline: Outline) => Outline): WorldModule {
    const twin = new WorldModule(this.#source, this.#cache, this.#originOf);
    twin.#change = change;
    return twin;
  }

  originOf(specifier: string): ImportOrigin {
    return this.#originOf(specifier);
  }

  /** What it names, by the facts of the build where the module is as it was built. */
  get names(): NamedModules {
    const { facts } = this.#source;
    const keysOf = (specifiers: readonly string[]): readonly string[] => [...new Set(specifiers.flatMap((specifier) => {
      const origin = this.#originOf(specifier);
      return "module" in origin ? [origin.module] : [];
    }))];
    if (facts !== undefined) {
      const linked = facts.specifiers.filter(({ how }) => how.some((each) => each !== "dynamic"));
      const dynamic = facts.specifiers.filter(({ how }) => how.includes("dynamic"));
      return { linked: keysOf(linked.map(({ specifier }) => specifier)), dynamic: keysOf(dynamic.map(({ specifier }) => specifier)) };
    }
    const { loads, imports, exports, dynamic } = this.summary;
    return { linked: keysOf([...loads, ...imports, ...exports].flatMap(({ from }) => from ?? [])), dynamic: keysOf(dynamic) };
  }

  #summarise(): Summary {
    return this.#cache.of("summary", () => analysisId(this.file, this.content, this.#options), () => summarise(this.#parsed()));
  }

  /** A function that the host has no guard for is none of its targets, whatever this version would emit. */
  #settle(): void {
    const { facts } = this.#source;
    if (facts === undefined || this.#summary !== undefined) return;
    this.#summary = this.#summarise();
    const guarded = new Set(facts.targets.map(({ name }) => name));
    const unguarded = this.#summary.targets.filter(({ name }) => !guarded.has(name)).map(({ name }) => name);
    if (unguarded.length === 0) return;
    this.#options = { ...this.#options, unguarded: new Set(unguarded) };
    this.#analysis = undefined;
    this.#summary = this.#summarise();
  }

  /** What the host's guards carry is what was emitted for them. */
  #asHosted(outline: Outline): Outline {
    const { facts } = this.#source;
    if (facts === undefined) return outline;
    const emitted = new Map<string, TargetFact>(facts.targets.map((each) => [each.name, each]));
    const offered = new Set(facts.scope);
    return {
      ...outline,
      targets: outline.targets.map((target) => {
        const { form, kind, forwards, parameters } = emitted.get(target.name) ?? target;
        return { ...target, form, kind, forwards, parameters };
      }),
      bindings: outline.bindings.map((binding) => {
        const [name = ""] = binding.names;
        const privates = facts.privates[name];
        if (binding.members === undefined || privates === undefined) return binding;
        return { ...binding, members: { ...binding.members, privates } };
      }),
      statementVars: outline.statementVars.filter((name) => offered.has(name)),
    };
  }
}
