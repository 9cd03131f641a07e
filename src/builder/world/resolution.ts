/**
 * Where specifiers lead in the fixed tree. The tool that built the host has answered for the base. Its answer holds until a change
 * explains another one: a file that came or went, other settings. What it was never asked, our own resolver answers.
 */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { readEnvironment } from "../../manifest/environment.ts";
import type { Manifest } from "../../manifest/manifest.ts";
import { splitKey } from "../../manifest/module-key.ts";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import type { Project } from "../../transform/project.ts";
import { fileOfKey, originOfAnswer } from "./base-world.ts";
import type { ImportOrigin } from "./outline.ts";
import { isShadowed } from "./shadows.ts";
import type { World } from "./world.ts";

export class FixedResolution {
  readonly #manifest: Manifest;
  readonly #project: Project;
  readonly #root: string;
  readonly #base: World;
  readonly #told = new Map<string, Diagnostic>();
  /** Nothing that decides where specifiers lead has changed, files that are gone aside. */
  readonly #isSettled: boolean;
  readonly #sameSettings: boolean;
  readonly #gone: ReadonlySet<string>;
  #answers: ReadonlyMap<string, ImportOrigin> | undefined;

  /** @param files the base's modules that the fixed tree has, by key */
  constructor(manifest: Manifest, project: Project, root: string, base: World, files: ReadonlyMap<string, string>) {
    this.#manifest = manifest;
    this.#project = project;
    this.#root = root;
    this.#base = base;
    const { environment, packages } = manifest;
    const { resolution } = readEnvironment(root, Object.values(packages), environment);
    this.#sameSettings = resolution.hash === environment.resolution.hash;
    this.#isSettled = this.#sameSettings && !resolution.ambiguous && !isShadowed(files, manifest, root);
    this.#gone = new Set([...manifest.modules.keys()].filter((key) => !files.has(key)));
  }

  /** Whether each specifier of a module that is as it was built leads where it led. */
  isAsBuilt(key: string): boolean {
    const module = this.#manifest.modules.get(key);
    if (module === undefined) return false;
    if (this.#isSettled && this.#gone.size === 0) return true;
    return module.facts.specifiers.every(({ specifier, answer }) => {
      const before = originOfAnswer(specifier, answer);
      if (this.#isSettled) return !("module" in before && this.#gone.has(before.module));
      return isSame(before, this.originOf(key, fileOfKey(this.#manifest, this.#root, key), specifier));
    });
  }

  /** @param key of the module in the base; undefined for one that the base does not have */
  originOf(key: string | undefined, file: string, specifier: string): ImportOrigin {
    const now = originOfAnswer(specifier, this.#project.answerOf(file, specifier));
    const own = key !== undefined && this.#base.has(key) ? this.#manifest.modules.get(key)?.facts.specifiers.find((each) => each.specifier === specifier) : undefined;
    const before = own === undefined ? this.#answerElsewhere(file, specifier) : originOfAnswer(specifier, own.answer);
    if (before === undefined || isSame(before, now) || this.#isExplained(before, now)) return now;
    const id = `${file}\0${specifier}`;
    if (!this.#told.has(id)) this.#told.set(id, diagnostic("HF1418", "notice", { specifier, by: this.#manifest.environment.resolution.by, before: nameOf(before), now: nameOf(now) }, { file, line: 1, column: 1, endLine: 1, endColumn: 1 }));
    return before;
  }

  /** Differences between the tool's answers and ours that no change explains. */
  get diagnostics(): readonly Diagnostic[] {
    return [...this.#told.values()];
  }

  #isExplained(before: ImportOrigin, now: ImportOrigin): boolean {
    if (!this.#sameSettings) return true;
    const { modules, outside } = this.#manifest;
    const isGone = "module" in before && !existsSync(fileOfKey(this.#manifest, this.#root, before.module));
    const isNew = "module" in now && !modules.has(now.module) && outside[now.module] === undefined;
    return isGone || isNew;
  }

  /** What the tool answered another module that names the same: a neighbour for a path, any of its package for a name. */
  #answerElsewhere(file: string, specifier: string): ImportOrigin | undefined {
    if (this.#manifest.environment.resolution.by === "ts-hotfix") return undefined;
    this.#answers ??= new Map([...this.#manifest.modules].flatMap(([key, { facts }]) =>
      facts.specifiers.map((each) => [this.#placeOf(key, each.specifier), originOfAnswer(each.specifier, each.answer)] as const)));
    return this.#answers.get(this.#placeOf(this.#project.keyOf(file), specifier));
  }

  #placeOf(key: string, specifier: string): string {
    const { package: name, path } = splitKey(key);
    return JSON.stringify([specifier, name, specifier.startsWith(".") ? dirname(path) : null]);
  }
}

function isSame(a: ImportOrigin, b: ImportOrigin): boolean {
  return "module" in a ? "module" in b && a.module === b.module : "specifier" in b && a.specifier === b.specifier;
}

function nameOf(origin: ImportOrigin): string {
  return "module" in origin ? origin.module : `the package \`${origin.specifier}\``;
}
