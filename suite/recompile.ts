/**
 * A patch that changes nothing: every function of a build is replaced by a recompiled copy of itself, so that each call
 * goes through a slot into patch code and back through scopes. What passes its tests so was patched rightly.
 */
import { resolve } from "node:path";
import { buildFrom } from "../src/builder/build.ts";
import { loadTree } from "../src/builder/load/load.ts";
import { World } from "../src/builder/world/world.ts";
import type { LiftSettings, Manifest } from "../src/manifest/manifest.ts";
import { displayTarget, splitKey } from "../src/manifest/module-key.ts";
import type { Diagnostic, Place } from "../src/messages/diagnostic.ts";
import type { PatchPayload } from "../src/patch/payload.ts";
import { openProject, isModule } from "../src/transform/project.ts";

export interface RecompileOptions {
  readonly manifest: Manifest;
  /** The tree that the manifest was made of. */
  readonly source: string;
  /** Successive patches differ by it, in their ids and in the text of their code. Default 1. */
  readonly round?: number;
  /** Globals that the tree's code may name beside those of Node.js. */
  readonly globals?: readonly string[];
}

export interface Recompiled {
  /** Undefined: no function can be patched. */
  readonly payload: PatchPayload | undefined;
  /** Ids of the functions in the patch. */
  readonly targets: readonly string[];
  /** Functions that the builder refuses to patch, with its codes. */
  readonly left: readonly { readonly target: string; readonly codes: readonly string[] }[];
}

/** What makes a function look changed. */
const MARK = "!";

/** Throws an Error with the refusals that are about no function. */
export function recompileAll({ manifest, source, round = 1, globals = [] }: RecompileOptions): Recompiled {
  const left = new Map<string, Set<string>>();
  const whereabouts = new Whereabouts(manifest, source);
  const tree = loadTree(manifest, source);
  for (;;) {
    const base = markChanged(tree.base, (key, name) => !left.has(displayTarget(key, name, manifest.package)));
    const result = buildFrom({ ...tree, base }, { sequence: round, globals, acceptLive: true, acceptComputed: true });
    switch (result.outcome) {
      case "built":
        return { payload: inRound(result.payload, round), targets: result.replaced, left: [...left].map(([target, codes]) => ({ target, codes: [...codes] })) };
      case "unchanged":
        return { payload: undefined, targets: [], left: [...left].map(([target, codes]) => ({ target, codes: [...codes] })) };
      case "failed":
        throw new Error(describe(result.errors));
      case "refused": {
        const found = result.refusals.map((refusal) => ({ refusal, target: refusal.place && whereabouts.targetAt(refusal.place) }));
        const news = found.filter(({ target }) => target !== undefined && !left.has(target));
        if (news.length === 0) throw new Error(describe(result.refusals));
        for (const { refusal, target } of news) if (target !== undefined) left.set(target, (left.get(target) ?? new Set<string>()).add(refusal.code));
      }
    }
  }
}

/** A base whose chosen functions had other bodies. */
function markChanged(base: World, isChosen: (key: string, name: string) => boolean): World {
  return new World(new Map([...base.modules].map(([key, module]) => [key, module.with((outline) => ({
    ...outline, targets: outline.targets.map((target) => (isChosen(key, target.name) ? { ...target, hash: target.hash + MARK } : target)),
  }))])));
}

/** Successive patches differ in their code. */
function inRound(payload: PatchPayload, round: number): PatchPayload {
  return { ...payload, modules: payload.modules.map((module) => ({ ...module, code: `${module.code}\n// ${round}` })) };
}

/** Finds the function that a place lies in. */
class Whereabouts {
  readonly #manifest: Manifest;
  readonly #targets = new Map<string, readonly { readonly id: string; readonly from: number; readonly to: number }[]>();

  constructor(manifest: Manifest, source: string) {
    this.#manifest = manifest;
    const { environment } = manifest;
    const project = openProject("suite", { targets: environment.targets, init: environment.init, alias: environment.aliases, lift: liftOption(environment.lift) }, source);
    for (const key of manifest.modules.keys()) {
      const { package: name, path } = splitKey(key);
      const module = project.module(resolve(source, manifest.packages[name] ?? ".", path));
      if (!isModule(module)) continue;
      const { analysis } = module;
      const spans = analysis.targets.map((target) => ({ id: displayTarget(key, target.name, this.#manifest.package), from: Math.min(target.start, target.fn.start), to: Math.max(target.end, target.fn.end) }));
      this.#targets.set(analysis.parsed.file, spans.map((span) => ({ ...span, from: lineOf(analysis.parsed.text, span.from), to: lineOf(analysis.parsed.text, span.to) })));
    }
  }

  targetAt({ file, line }: Place): string | undefined {
    return this.#targets.get(file)?.find(({ from, to }) => from <= line && line <= to)?.id;
  }
}

function liftOption(lift: LiftSettings | undefined): boolean | { readonly classes: boolean; readonly objects: boolean } {
  return lift === undefined ? false : { classes: lift.classes, objects: lift.objects };
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

function describe(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(({ code, message, place }) => `${code} ${place === undefined ? "" : `${place.file}:${place.line} `}${message}`).join("\n");
}
