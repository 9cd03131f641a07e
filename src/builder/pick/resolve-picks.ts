/** What the patterns of a picker name: changed declarations, or the reason why they name none. */
import picomatch from "picomatch";
import type { NonTargetReason } from "../../analyze/analysis.ts";
import { displayKey } from "../../manifest/module-key.ts";
import { diagnostic, type Diagnostic, type Place } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import type { ModuleChange } from "../classify/classify.ts";
import type { LoadedTree } from "../load/load.ts";
import type { NamedUnit } from "./name-graph.ts";
import { patternsOf, type Picker } from "./pick.ts";
import type { WorldModule } from "../world/module.ts";

export interface Picks {
  readonly units: readonly NamedUnit[];
  /** Modules picked as a whole. */
  readonly modules: readonly string[];
  /** HF1701–HF1705 */
  readonly refusals: readonly Diagnostic[];
}

const KINDS = {
  method: "a method", accessor: "an accessor", constructor: "a constructor", "static block": "a static block", field: "a field of a class",
  "object member": "a function in an object", "reassignable binding": "a function in a variable that can be assigned",
  "computed value": "the result of a computation", "namespace member": "a function of a namespace", "function in a block": "a function in a block",
  "callback at init": "a callback in code that runs once", "nested function": "a nested function", "parameters cannot be forwarded": "a function whose parameters cannot be forwarded",
  "reassigned function": "a function that is assigned elsewhere", "default expression": "a function in an expression",
  "tagged @nohotfix": "tagged `@nohotfix`", untagged: "not tagged `@hotfix`",
  "inner member": "a function of a class or object that is not bound at the top level", "computed key": "a function with a computed key",
  "decorated member": "a decorated method", "declared twice": "a function whose name its class or object has twice",
  "no guard": "a function without a guard in the running build",
  "names itself": "a function expression that calls itself by its own name",
} as const satisfies Record<NonTargetReason, string>;

export function resolvePicks(picker: Picker, tree: LoadedTree, changes: readonly ModuleChange[]): Picks {
  const changed = new Map(changes.map((each) => [each.module.key, each]));
  const found = patternsOf(picker).map(({ pattern, of }) => (of === "functions" ? resolveFunction(pattern, tree, changed) : resolveModules(pattern, tree, changed)));
  return {
    units: found.flatMap((each) => each.units ?? []),
    modules: found.flatMap((each) => each.modules ?? []),
    refusals: found.flatMap((each) => each.refusal ?? []),
  };
}

interface Found {
  readonly units?: readonly NamedUnit[];
  readonly modules?: readonly string[];
  readonly refusal?: Diagnostic;
}

function resolveModules(pattern: string, tree: LoadedTree, changed: ReadonlyMap<string, ModuleChange>): Found {
  const matches = picomatch(pattern.replace(/^\.\//, ""));
  const found = [...tree.fixed.modules].filter(([key, module]) => pathsOf(key, module, tree).some((path) => matches(path))).map(([key]) => key);
  if (found.length === 0) return { refusal: diagnostic("HF1701", "refusal", { pattern }) };
  if (found.some((key) => changed.get(key)?.isNew === false)) return { modules: found.filter((key) => changed.has(key)) };
  const why = found.some((key) => changed.has(key)) ? "the modules are new, and new modules come with what needs them" : "no module that it matches means anything else than when the host was built";
  return { refusal: diagnostic("HF1705", "refusal", { pattern, why }) };
}

function resolveFunction(pattern: string, tree: LoadedTree, changed: ReadonlyMap<string, ModuleChange>): Found {
  const [path = "", name = ""] = split(pattern.replace(/^\.\//, ""));
  const [key, module] = [...tree.fixed.modules].find(([each, source]) => pathsOf(each, source, tree).includes(path)) ?? [];
  if (key === undefined || module === undefined) return { refusal: diagnostic("HF1701", "refusal", { pattern }) };
  const { analysis } = module;
  const at = (range: { readonly start: number; readonly end: number }): Place => placeAt(module.file, analysis.parsed.text, range.start, range.end);
  const change = changed.get(key);
  const isChanged = [...(change?.replaced ?? []), ...(change?.added ?? [])].some((each) => each.name === name) || change?.variables.some((each) => each.name === name && each.kind === "function") === true;
  const target = analysis.targets.find((each) => each.name === name);
  const refuse = (refusal: Diagnostic): Found => ({ refusal });
  const unchanged = (why: string): Found => refuse(diagnostic("HF1705", "refusal", { pattern, why }, target && at(target.fn)));
  if (isChanged) return change?.isNew === true ? unchanged("the module is new, and new modules come with what needs them") : { units: [{ key, name }] };
  if (target) return unchanged("the function is as it was when the host was built");
  const nonTargets = analysis.nonTargets.filter((each) => each.name === name);
  const [other] = nonTargets.length > 0 ? nonTargets : analysis.nonTargets.filter((each) => each.name.endsWith(` > ${name}`) || each.name.endsWith(`.${name}`));
  if (other?.reason === "nested function" || other?.reason === "callback at init") return refuse(diagnostic("HF1702", "refusal", { name: other.name, kind: KINDS[other.reason] }, at(other)));
  if (other) return refuse(diagnostic("HF1703", "refusal", { name: other.name, kind: KINDS[other.reason] }, at(other)));
  // `award > callback`, however the callback is called.
  const around = analysis.targets.find((each) => name.startsWith(`${each.name} >`) || name.startsWith(`${each.name}>`));
  if (around) return refuse(diagnostic("HF1702", "refusal", { name, kind: KINDS["nested function"] }, at(around.fn)));
  const binding = analysis.bindings.find((each) => each.names.includes(name));
  return refuse(diagnostic("HF1704", "refusal", { name, module: path, hint: binding ? ` (it is declared with \`${binding.kind}\`)` : "" }, binding && at(binding)));
}

/** A module that moved has two. */
function pathsOf(key: string, { file }: WorldModule, { manifest, project }: LoadedTree): readonly string[] {
  return [...new Set([key, displayKey(key, manifest.package), displayKey(project.keyOf(file), manifest.package)])];
}

/** `src/shop.ts#award` --> `src/shop.ts`, `award` */
function split(id: string): readonly [string, string] {
  const hash = id.indexOf("#");
  return [id.slice(0, hash), id.slice(hash + 1)];
}
