/** The fixed tree's files as modules. */
import { readFileSync } from "node:fs";
import type { AnalyzeOptions } from "../../analyze/analyze.ts";
import type { LiftRules } from "../../analyze/members.ts";
import { fingerprintOf } from "../../manifest/fingerprint.ts";
import type { Manifest } from "../../manifest/manifest.ts";
import type { Diagnostic } from "../../messages/diagnostic.ts";
import { digest } from "../../syntax/digest.ts";
import { readSource, type Project } from "../../transform/project.ts";
import { hostLiftRules } from "./base-world.ts";
import { WorldModule } from "./module.ts";
import type { ImportOrigin } from "./outline.ts";
import { FixedResolution } from "./resolution.ts";
import type { Analyses } from "./analyses.ts";
import type { World } from "./world.ts";

/** Whether a file does not parse. */
export function isErrors(read: WorldModule | readonly Diagnostic[]): read is readonly Diagnostic[] {
  return Array.isArray(read);
}

interface Reading {
  readonly text: string;
  readonly content: string;
  readonly options: AnalyzeOptions;
  /** Key of the base's module whose answers hold for its specifiers; undefined: none. */
  readonly builtAs: string | undefined;
}

export class FixedTree {
  readonly project: Project;
  /** Absolute. */
  readonly root: string;
  readonly #base: World;
  readonly #analyses: Analyses;
  readonly #resolution: FixedResolution;
  readonly #rulesOf: (file: string) => LiftRules | undefined;
  readonly #environment: Manifest["environment"];
  /** Key in the tree → key in the base, of files that moved; and `file\0specifier` → key of the data file it names. */
  #renamed: ReadonlyMap<string, string> = new Map();

  constructor(manifest: Manifest, project: Project, root: string, base: World, files: ReadonlyMap<string, string>, analyses: Analyses) {
    this.project = project;
    this.root = root;
    this.#base = base;
    this.#analyses = analyses;
    this.#resolution = new FixedResolution(manifest, project, root, base, files);
    this.#rulesOf = hostLiftRules(manifest, root);
    this.#environment = manifest.environment;
  }

  get notices(): readonly Diagnostic[] {
    return this.#resolution.diagnostics;
  }

  /** The module that a file holds: the base's own where nothing of it changed; errors where it does not parse. */
  read(key: string, file: string): WorldModule | readonly Diagnostic[] {
    const text = readSource(file);
    const content = digest(text);
    const old = this.#base.module(key);
    const options = this.#optionsOf(file, old);
    if (old?.content === content && old.file === file && (!/\.jsx?$/.test(file) || old.readAs === options.sourceType) && this.#resolution.isAsBuilt(key)) return old;
    return this.#make(key, file, { text, content, options, builtAs: key });
  }

  /** A file of the base that stands elsewhere now, under its old key. */
  readMoved(key: string, file: string): WorldModule | readonly Diagnostic[] {
    const text = readSource(file);
    // where it stood, the same path led elsewhere
    return this.#make(key, file, { text, content: digest(text), options: this.#optionsOf(file, this.#base.module(key)), builtAs: undefined });
  }

  /** A file of data, as if it were written in JavaScript. */
  readJson(key: string, file: string): WorldModule | readonly Diagnostic[] {
    const value = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
    const text = `export default JSON.parse(${JSON.stringify(value)});\n`;
    return this.#make(key, `${file}.mjs`, { text, content: digest(text), options: {}, builtAs: undefined });
  }

  /** From here on what leads to a file that moved leads to the module of the base. */
  rename(renamed: ReadonlyMap<string, string>): void {
    this.#renamed = renamed;
  }

  /** What is new in a class or literal that the base has is as its author wrote it: it has no guard. */
  #optionsOf(file: string, old: WorldModule | undefined): AnalyzeOptions {
    const { targets } = this.#environment;
    const sourceType = this.project.sourceTypeOf(file);
    const rules = this.#rulesOf(file);
    return {
      targets, sourceType,
      get unguarded() {
        return old?.asHosted();
      },
      get lift() {
        return rules && { ...rules, roots: new Set(old?.summary.bindings.flatMap(({ names }) => (names.length === 0 ? ["default"] : names)) ?? []) };
      },
    };
  }

  #make(key: string, file: string, { text, content, options, builtAs }: Reading): WorldModule | readonly Diagnostic[] {
    const rules = this.#rulesOf(file);
    const { targets, init } = this.#environment;
    const fingerprint = fingerprintOf(text, { targets, init, lift: rules });
    // read once: a getter asks the base
    const settled = { ...options };
    const module = new WorldModule({ key, file, content, fingerprint, text: () => text, options: settled }, this.#analyses, (specifier) => this.#originOf(builtAs, file, specifier));
    const errors = module.parse();
    return errors.length > 0 ? errors : module;
  }

  #originOf(key: string | undefined, file: string, specifier: string): ImportOrigin {
    const origin = this.#resolution.originOf(key, file, specifier);
    const renamed = this.#renamed.get("module" in origin ? origin.module : `${file}\0${specifier}`);
    return renamed === undefined ? origin : { module: renamed };
  }
}
