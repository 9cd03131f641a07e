/** A module of a world: its text, and what is concluded from it when somebody asks. */
import type { ModuleAnalysis } from "../../analyze/analysis.ts";
import { analyzeText, isAnalysis, type AnalyzeOptions } from "../../analyze/analyze.ts";
import { readModuleCalls, type ModuleCalls } from "../../analyze/calls.ts";
import { decodeCalls, encodeCalls, type EncodedCalls } from "../../analyze/calls/encode.ts";
import type { ModuleFacts, NamedModules, TargetFact } from "../../manifest/manifest.ts";
import { HotfixError, type Diagnostic } from "../../messages/diagnostic.ts";
import { outlineIn, type ImportOrigin, type Outline, type Summary } from "./outline.ts";
import { summarise } from "./summary.ts";
import type { Analyses, Analyzed } from "./analyses.ts";
import { analysisId, type Conclusion } from "./analysis-cache.ts";

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
  /** What it names, where it is as it was built. */
  readonly named?: NamedModules | undefined;
}

/** The same as plain data, which another thread can have. */
export interface ModuleMaterial extends Omit<ModuleSource, "text" | "named" | "facts"> {
  readonly text: string;
}

export class WorldModule {
  readonly key: string;
  readonly file: string;
  readonly content: string;
  readonly fingerprint: string;
  readonly #source: ModuleSource;
  readonly #analyses: Analyses;
  readonly #originOf: (specifier: string) => ImportOrigin;
  #ownOptions: AnalyzeOptions | undefined;
  #analysis: ModuleAnalysis | undefined;
  #summary: Summary | undefined;
  #outline: Outline | undefined;
  #encoded: EncodedCalls | undefined;
  #calls: ModuleCalls | undefined;
  #names: NamedModules | undefined;
  #isHosted = false;
  #change: ((outline: Outline) => Outline) | undefined;

  /** @param originOf where a specifier of the module leads in its world */
  constructor(source: ModuleSource, analyses: Analyses, originOf: (specifier: string) => ImportOrigin) {
    this.key = source.key;
    this.file = source.file;
    this.content = source.content;
    this.fingerprint = source.fingerprint;
    this.#source = source;
    this.#analyses = analyses;
    this.#originOf = originOf;
  }

  get #options(): AnalyzeOptions {
    this.#ownOptions ??= this.#source.options;
    return this.#ownOptions;
  }

  get text(): string {
    return this.#source.text();
  }

  /** What its text is taken for where it does not tell itself. */
  get readAs(): AnalyzeOptions["sourceType"] {
    return this.#options.sourceType;
  }

  /**
   * From here on it is what the host has, whatever this version would emit: for a module that the fixed tree has otherwise. Of one that
   * did not change nothing is asked that the host's guards decide.
   *
   * @returns functions that the host has no guard for, though this version would give them one
   */
  asHosted(): AnalyzeOptions["unguarded"] {
    const { facts } = this.#source;
    if (facts === undefined || this.#isHosted) return this.#options.unguarded;
    this.#isHosted = true;
    this.#outline = undefined;
    const guarded = new Set(facts.targets.map(({ name }) => name));
    const unguarded = this.summary.targets.filter(({ name }) => !guarded.has(name)).map(({ name }) => name);
    if (unguarded.length === 0) return undefined;
    this.#ownOptions = { ...this.#options, unguarded: new Set(unguarded) };
    this.#analyses.forget(this);
    this.#analysis = undefined;
    this.#summary = undefined;
    this.#calls = undefined;
    this.#encoded = undefined;
    return this.#ownOptions.unguarded;
  }

  /** Errors of a text that does not parse. */
  parse(): readonly Diagnostic[] {
    const analysis = this.#analyze();
    return isAnalysis(analysis) ? [] : analysis;
  }

  /**
   * The analysis, always the same one from the first time that it is asked for.
   *
   * @throws HotfixError HF0002 for a text that does not parse
   */
  get analysis(): ModuleAnalysis {
    this.#analysis ??= this.#parsed();
    return this.#analysis;
  }

  #parsed(): ModuleAnalysis {
    const analysis = this.#analysis ?? this.#analyze();
    if (isAnalysis(analysis)) return analysis;
    throw new HotfixError(...(analysis as [Diagnostic]));
  }

  /** Trees are large: of those from which only conclusions were drawn, few are kept. */
  #analyze(): Analyzed {
    return this.#analyses.analyzed(this, () => analyzeText(this.file, this.text, this.#options));
  }

  get summary(): Summary {
    return (this.#summary ??= this.#summarise());
  }

  /** What its code calls. In the lists of the analysis, which are those of the outline. */
  get calls(): ModuleCalls {
    this.#calls ??= decodeCalls(this.#encoded ?? this.#encodeCalls());
    return this.#calls;
  }

  get outline(): Outline {
    if (this.#outline === undefined) {
      const outline = this.#hosted(outlineIn(this.summary, this.#originOf));
      this.#outline = this.#change?.(outline) ?? outline;
    }
    return this.#outline;
  }

  /** The module with another outline, for tools that want functions to look changed. */
  with(change: (outline: Outline) => Outline): WorldModule {
    const twin = new WorldModule(this.#source, this.#analyses, this.#originOf);
    twin.asHosted();
    twin.#change = change;
    return twin;
  }

  /** Whether the scope accessor of the host's module hands out a name. */
  offers(name: string): boolean {
    const { facts } = this.#source;
    return facts === undefined || facts.scope.includes(name);
  }

  /** The module with conclusions from elsewhere. */
  through(analyses: Analyses): WorldModule {
    return new WorldModule(this.#source, analyses, this.#originOf);
  }

  /** All that its conclusions are drawn from. */
  get material(): ModuleMaterial {
    const { key, file, content, fingerprint } = this;
    return { key, file, content, fingerprint, text: this.text, options: { ...this.#options } };
  }

  originOf(specifier: string): ImportOrigin {
    return this.#originOf(specifier);
  }

  /** What it names, by the facts of the build where the module is as it was built. */
  get names(): NamedModules {
    return (this.#names ??= this.#readNames());
  }

  #readNames(): NamedModules {
    if (this.#source.named !== undefined) return this.#source.named;
    const keysOf = (specifiers: readonly string[]): readonly string[] => [...new Set(specifiers.flatMap((specifier) => {
      const origin = this.#originOf(specifier);
      return "module" in origin ? [origin.module] : [];
    }))];
    const { loads, imports, exports, dynamic } = this.summary;
    const exported = exports.flatMap(({ from }) => from ?? []);
    return { linked: keysOf([...[...loads, ...imports].map(({ from }) => from), ...exported]), exported: keysOf(exported), dynamic: keysOf(dynamic) };
  }

  /** Both conclusions are drawn while the tree is there: to parse again takes longer than what the one costs. */
  #summarise(): Summary {
    return this.#conclude("summary", () => {
      const summary = summarise(this.#parsed());
      this.#encoded ??= this.#encodeCalls();
      return summary;
    });
  }

  #encodeCalls(): EncodedCalls {
    return this.#conclude("calls", () => encodeCalls(readModuleCalls(this.#parsed())));
  }

  #conclude<T>(conclusion: Conclusion, make: () => T): T {
    return this.#analyses.conclusion(conclusion, () => analysisId(this.file, this.content, this.#options), make);
  }

  /** What the host's guards carry is what was emitted for them. */
  #hosted(outline: Outline): Outline {
    const { facts } = this.#source;
    if (facts === undefined || !this.#isHosted) return outline;
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
