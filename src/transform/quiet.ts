/** Modules whose evaluation nobody can observe: a bundler may leave them out where nothing of theirs is used. */
import type { Node } from "oxc-parser";
import type { ModuleAnalysis } from "../analyze/analysis.ts";
import { isOrderFreeDeclaration, namesOf, type NamesOfModule } from "../analyze/inert.ts";
import { isTypeOnly } from "../syntax/walk.ts";

/** A module's analysis, and the file that each module it loads leads to. Undefined where it is not known what that is. */
export interface Loaded {
  readonly analysis: ModuleAnalysis;
  readonly sources: readonly (string | undefined)[];
}

/** What is found holds for one build. */
export class QuietModules {
  readonly #load: (file: string) => Loaded | undefined;
  readonly #loaded = new Map<string, Loaded | undefined>();
  readonly #known = new Map<string, boolean>();

  constructor(load: (file: string) => Loaded | undefined) {
    this.#load = load;
  }

  /**
   * Whether a bundler may leave a module out where nothing of it is used, and a patch that needs it may bring it. Nothing in it
   * can have been evaluated at build time and written into other modules: those would keep a constant that the patch changes.
   */
  canBeDropped(file: string): boolean {
    const loaded = this.#read(file);
    return loaded !== undefined && !mayBeInlined(loaded.analysis) && this.has(file);
  }

  /** Whether a module and all that it loads only declare. Those that are not known, such as packages, may do anything. */
  has(file: string): boolean {
    const seen = new Set([file]);
    // grows while it is read
    for (const each of seen) {
      const known = this.#known.get(each);
      if (known === true) continue;
      const loaded = known === false ? undefined : this.#read(each);
      if (loaded === undefined || !onlyDeclares(loaded.analysis) || loaded.sources.includes(undefined)) {
        for (const loud of [each, file]) this.#known.set(loud, false);
        return false;
      }
      for (const source of loaded.sources) if (source !== undefined) seen.add(source);
    }
    for (const each of seen) this.#known.set(each, true);
    return true;
  }

  #read(file: string): Loaded | undefined {
    if (!this.#loaded.has(file)) this.#loaded.set(file, this.#load(file));
    return this.#loaded.get(file);
  }
}

/** Constants, enums, static fields, functions without a guard: bundlers follow what they are. */
function mayBeInlined(analysis: ModuleAnalysis): boolean {
  const { bindings } = analysis;
  return !bindings.every(({ node }) => isOpaque(node)) || analysis.nonTargets.some(({ reason }) => reason === "untagged" || reason === "tagged @nohotfix" || reason === "default expression");
}

function isOpaque(node: Node): boolean {
  switch (node.type) {
    case "VariableDeclarator":
      return node.init?.type === "NewExpression";
    case "ClassDeclaration":
      return node.body.body.every((member) => !("static" in member) || !member.static || member.type === "MethodDefinition");
    default:
      return false;
  }
}

function onlyDeclares(analysis: ModuleAnalysis): boolean {
  const names = namesOf(analysis);
  return analysis.parsed.sourceType === "module" && analysis.parsed.program.body.every((statement) => isDeclaration(statement, names));
}

function isDeclaration(node: Node, names: NamesOfModule): boolean {
  if (isTypeOnly(node)) return true;
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "FunctionDeclaration":
    case "EmptyStatement":
      return true;
    case "ExportNamedDeclaration":
      return node.declaration === null || isDeclaration(node.declaration, names);
    case "ExportDefaultDeclaration":
      return isDeclaration(node.declaration as Node, names) || isOrderFreeDeclaration(node.declaration as Node, names);
    case "VariableDeclaration":
      return !/using/.test(node.kind) && node.declarations.every((each) => isOrderFreeDeclaration(each, names));
    case "ClassDeclaration":
    case "TSEnumDeclaration":
      return isOrderFreeDeclaration(node, names);
    default:
      return false;
  }
}
