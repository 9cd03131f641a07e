/** The part of the changes that goes in: what was picked, and what it needs. All else stays as it is. */
import { dirname, resolve } from "node:path";
import type { Target } from "../../analyze/analysis.ts";
import { displayKey } from "../../manifest/module-key.ts";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import { walk } from "../../syntax/walk.ts";
import type { ModuleChange } from "../classify/classify.ts";
import type { LoadedTree } from "../load/load.ts";
import { NameGraph, type MembersRead } from "./name-graph.ts";
import { idOf, Needs, type Reason } from "./needs.ts";
import type { Picker } from "./pick.ts";
import { resolvePicks } from "./resolve-picks.ts";
import type { Trace } from "../trace/trace.ts";

export interface Picked {
  readonly changes: readonly ModuleChange[];
  /** Whether a module, or a declaration of it, matters to what goes in. */
  concerns(key: string, name?: string): boolean;
  /** HF17xx */
  readonly diagnostics: readonly Diagnostic[];
}

/** @param picker undefined: everything */
export function choosePicked(changes: readonly ModuleChange[], tree: LoadedTree, trace: Trace, picker: Picker | undefined): Picked {
  if (picker === undefined) return { changes, concerns: () => true, diagnostics: [] };
  const before = new NameGraph(tree.base);
  const after = new NameGraph(tree.fixed, membersReadIn(tree));
  const picks = resolvePicks(picker, tree, changes);
  const needs = new Needs({ changes, trace, before, after });
  const isPicked = (key: string, name: string): boolean => picks.modules.includes(key) || picks.units.some((unit) => unit.key === key && unit.name === name);
  for (const unit of picks.units) needs.need(unit);
  for (const key of picks.modules) needs.needModule(key);
  const kept = changes.filter(({ isNew, module }) => !isNew || needs.touched.has(module.key)).map((change) => (change.isNew ? change : keepNeeded(change, needs)));
  const outside = outsideOf(needs.touched, tree);
  return {
    changes: kept,
    concerns: (key, name) => (name === undefined ? needs.touched.has(key) || outside.has(key) || after.exportsOf(key).some((each) => needs.reasons.has(idOf(each))) : needs.reasons.has(`${key}#${name}`)),
    diagnostics: picks.refusals.length > 0 ? picks.refusals : [
      ...kept.flatMap((change) => change.replaced.flatMap((target) => isPicked(change.module.key, target.name) ? [] : tellBrought(change, target, needs, tree))),
      ...changes.flatMap((change) => tellLeftCallers(change, { needs, graphs: [before, after], kept, tree })),
      ...tellLeft(changes, kept, tree),
    ],
  };
}

function keepNeeded(change: ModuleChange, needs: Needs): ModuleChange {
  const { key, after } = change.module;
  const isNeeded = ({ name }: { readonly name: string }): boolean => needs.reasons.has(idOf({ key, name }));
  const isTouched = needs.touched.has(key);
  const bare = new Set(after.outline.loads.flatMap((each) => (each.bare && "module" in each.from ? [each.from.module] : [])));
  return {
    ...change,
    replaced: change.replaced.filter(isNeeded),
    flips: change.flips.filter(({ target }) => isNeeded(target)),
    added: change.added.filter(isNeeded),
    variables: change.variables.filter(isNeeded),
    live: change.live.filter(({ target: name }) => isNeeded({ name })),
    loads: isTouched ? change.loads.filter((each) => bare.has(each)) : [],
    diagnostics: change.diagnostics.filter((each) => {
      const name = change.about.get(each);
      return name === undefined ? isTouched : isNeeded({ name });
    }),
  };
}

/** Keys of files that are not transformed and that modules load, themselves or through re-exports. */
function outsideOf(touched: ReadonlySet<string>, { manifest, fixed, project }: LoadedTree): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (key: string, isOwn: boolean): void => {
    const module = fixed.module(key);
    for (const { from, reexport } of module?.outline.loads ?? []) {
      if (!isOwn && !reexport) continue;
      const other = "module" in from ? from.module : project.keyOf(resolve(dirname(module?.file ?? ""), from.specifier));
      if (found.has(other)) continue;
      found.add(other);
      follow(other, false);
    }
  };
  for (const key of touched) follow(key, true);
  return new Set([...found].filter((key) => key in manifest.outside));
}

/** Of a namespace the members that the fixed source reads by plain access. */
function membersReadIn(tree: LoadedTree): MembersRead {
  return ({ key, name }, local) => {
    const analysis = tree.fixed.modules.get(key)?.analysis;
    const places = new Set(analysis?.scopes.module.set.get(local)?.references.map(({ identifier }) => identifier.range[0]));
    const units = analysis === undefined ? [] : [...analysis.targets, ...analysis.bindings].filter((each) => each.name === name);
    if (units.length === 0) return undefined;
    const members = new Set<string>();
    let all = false;
    for (const { node } of units) {
      walk(node, {
        enter(each, parent) {
          if (each.type !== "Identifier" || !places.has(each.start)) return;
          if (parent?.type === "MemberExpression" && parent.object === each && !parent.computed && parent.property.type === "Identifier") members.add(parent.property.name);
          else all = true;
        },
      });
    }
    return all ? undefined : members;
  };
}

const WHY = {
  named: (by: string) => `\`${by}\` names it`,
  reads: (by: string) => `it reads \`${by}\`, which gets another value, or did so`,
  calls: (by: string) => `it relies on \`${by}\`, which becomes a function of another kind or is gone`,
} as const satisfies Record<Reason["because"], (by: string) => string>;

function tellBrought({ module }: ModuleChange, target: Target, needs: Needs, { manifest }: LoadedTree): readonly Diagnostic[] {
  const reason = needs.reasons.get(idOf({ key: module.key, name: target.name }));
  if (reason === undefined) return [];
  const by = displayKey(idOf(reason.by), manifest.package);
  return [diagnostic(reason.because === "named" ? "HF1706" : "HF1707", "notice", { name: target.name, why: WHY[reason.because](by) }, placeOf(module, target))];
}

interface Left {
  readonly needs: Needs;
  readonly graphs: readonly NameGraph[];
  readonly kept: readonly ModuleChange[];
  readonly tree: LoadedTree;
}

/** Changed functions that stay, and call or name one that goes in. */
function tellLeftCallers({ module, replaced }: ModuleChange, { needs, graphs, kept, tree }: Left): readonly Diagnostic[] {
  const going = new Set(kept.flatMap((each) => each.replaced.map(({ name }) => idOf({ key: each.module.key, name }))));
  return replaced.flatMap((target): Diagnostic[] => {
    const unit = { key: module.key, name: target.name };
    if (needs.reasons.has(idOf(unit))) return [];
    const named = graphs.flatMap((graph) => graph.namedBy(unit)).find((each) => going.has(idOf(each)));
    return named === undefined ? [] : [diagnostic("HF1708", "notice", { name: target.name, other: displayKey(idOf(named), tree.manifest.package) }, placeOf(module, target))];
  });
}

function tellLeft(changes: readonly ModuleChange[], kept: readonly ModuleChange[], { manifest }: LoadedTree): readonly Diagnostic[] {
  const left = changes.flatMap(({ module: { key }, replaced, added, variables, diagnostics, about, isNew }) => {
    const going = kept.find((each) => each.module.key === key);
    const names = [...replaced, ...added, ...variables].filter((each) => ![...(going?.replaced ?? []), ...(going?.added ?? []), ...(going?.variables ?? [])].includes(each as never)).map(({ name }) => name);
    const refused = diagnostics.filter((each) => each.severity === "refusal" && going?.diagnostics.includes(each) !== true).map((each) => about.get(each) ?? "");
    // A new module is one change.
    const count = isNew ? (going === undefined ? 1 : 0) : new Set([...names, ...refused]).size;
    return count === 0 ? [] : [{ count, module: displayKey(key, manifest.package) }];
  });
  if (left.length === 0) return [];
  const count = left.reduce((sum, each) => sum + each.count, 0);
  return [diagnostic("HF1709", "notice", { count: count === 1 ? "1 change" : `${count} changes`, modules: left.map(({ module }) => module).join(", ") })];
}

function placeOf(module: ModuleChange["module"], { fn }: Target): ReturnType<typeof placeAt> {
  return placeAt(module.after.file, module.after.analysis.parsed.text, fn.start, fn.end);
}
