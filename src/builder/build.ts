/** `ts-hotfix build`: a fixed source tree and the manifest of the running build → one patch, or the reasons why not. */
import { resolve } from "node:path";
import type { Manifest } from "../manifest/manifest.ts";
import { displayTarget } from "../manifest/module-key.ts";
import type { Diagnostic } from "../messages/diagnostic.ts";
import { patchId } from "../patch/envelope.ts";
import { encodePatch } from "../patch/file.ts";
import type { PatchLive, PatchPayload } from "../patch/payload.ts";
import { bringNeeded, effectsOf } from "./bring.ts";
import { CallGraph } from "./trace/call-graph.ts";
import { checkCallbackImports, classifyCallbacks } from "./callbacks.ts";
import { checkComputed, type ComputedOptions } from "./check/computed.ts";
import { checkEntriesRead } from "./check/entries-read.ts";
import { checkEnvironment, type EnvironmentOptions } from "./check/environment.ts";
import { checkKinds } from "./check/kinds.ts";
import { checkLoadOrder } from "./check/load-order.ts";
import { checkMoves } from "./check/moves.ts";
import { checkRemovedMembers } from "./check/removed-members.ts";
import { checkRemovedNames } from "./check/removed.ts";
import { classifyNew } from "./classify/classify-new.ts";
import { classify } from "./classify/classify.ts";
import { close } from "./close.ts";
import { chooseCopies } from "./values/copies.ts";
import { correlate } from "./classify/correlate.ts";
import { emit } from "./emit.ts";
import { checkDynamic, checkEntries, checkOutside } from "./check/outside.ts";
import { judgeLive, type LiveOptions } from "./classify/judge-live.ts";
import { loadTree, type LoadedTree } from "./load/load.ts";
import type { Picker } from "./pick/pick.ts";
import { choosePicked } from "./pick/picked.ts";
import { trace } from "./trace/trace.ts";
import { verify } from "./verify.ts";
import { Analyses } from "./world/analyses.ts";
import { cacheFolder, DiskCache } from "./world/disk-cache.ts";

export interface BuildOptions extends LiveOptions, EnvironmentOptions, ComputedOptions {
  /** Path of the manifest of the running build, or its content. */
  readonly base: string | Manifest;
  /** Folder of the host's package in the fixed tree. Default: the working directory. */
  readonly source?: string;
  /** Orders the patches of one base in time; a host refuses one that is older than its active patch. Default 1. */
  readonly sequence?: number;
  /** Globals that the host has beside those of Node.js. */
  readonly globals?: readonly string[];
  /**
   * Path of a file that exports any of `prePatch`, `postPatch`, `preUnpatch`, `postUnpatch`, `healthy`, and perhaps
   * `oncePerProcess`. It imports modules of the host, and is none.
   */
  readonly callbacks?: string;
  /**
   * Folder where conclusions about modules are kept from build to build; false: nowhere. Default: `TS_HOTFIX_CACHE`, or
   * `.cache/ts-hotfix` in the nearest `node_modules`.
   */
  readonly cache?: string | false;
  /** Which of the changes go in, with what they need; all else stays as it is in the running program. Default: all. */
  readonly pick?: Picker;
}

export type BuildResult =
  | {
      readonly outcome: "built";
      /** Id of the patch: the SHA-256 of its payload, in hex. */
      readonly patch: string;
      readonly payload: PatchPayload;
      /** The patch file. */
      readonly bytes: Uint8Array;
      /** Ids of the functions in the patch, `src/shop.ts#award`. */
      readonly replaced: readonly string[];
      readonly added: readonly string[];
      /** Ids of the constants whose new value it brings. */
      readonly constants: readonly string[];
      /** Old code that goes on after the patch, as was accepted. */
      readonly live: readonly PatchLive[];
      readonly notices: readonly Diagnostic[];
    }
  | { readonly outcome: "refused"; readonly refusals: readonly Diagnostic[]; readonly notices: readonly Diagnostic[] }
  | { readonly outcome: "unchanged" }
  /** Files of the fixed tree that do not parse (HF0002). */
  | { readonly outcome: "failed"; readonly errors: readonly Diagnostic[] };

/**
 * Builds a patch.
 *
 * @throws HotfixError HF0002 (an early error in the fixed source), HF2101 and HF2104 to HF2106 (manifest), HF2102 and HF2103 (source), HF9001 (our bug)
 * @example
 * const result = buildPatch({ base: "dist/hotfix.manifest.json" });
 * if (result.outcome === "built") writeFileSync("fix-1.hotfix", result.bytes);
 */
export function buildPatch(options: BuildOptions): BuildResult {
  const { base, source = process.cwd(), callbacks, cache: wanted = cacheFolder(source) } = options;
  const cache = wanted === false || wanted === undefined ? undefined : new DiskCache(wanted, resolve(source));
  try {
    return buildFrom(loadTree(base, source, callbacks, new Analyses(cache)), options);
  } finally {
    cache?.save();
  }
}

/** The patch from two worlds that have been loaded. */
export function buildFrom(tree: LoadedTree, options: Omit<BuildOptions, "base" | "source" | "callbacks">): BuildResult {
  const [first] = tree.diagnostics;
  if (first) return first.severity === "refusal" ? { outcome: "refused", refusals: tree.diagnostics, notices: [] } : { outcome: "failed", errors: tree.diagnostics };
  const traced = trace(tree);
  const context = { alwaysStrict: tree.manifest.environment.alwaysStrict, hasModule: (key: string) => tree.base.has(key), effectsOf: (key: string) => effectsOf(tree, key) };
  const classified = [...tree.added.flatMap((key) => classifyNew(tree, traced, key) ?? []), ...correlate(tree, traced).changed.map((module) => classify(module, context))];
  const picked = choosePicked(classified, tree, traced, options.pick);
  const copied = chooseCopies(picked.changes, traced, tree);
  const callbacks = classifyCallbacks(tree, traced);
  const all = close([...copied.changes, ...(callbacks ? [callbacks.change] : [])], tree, { globals: new Set(options.globals ?? []), trace: traced });
  const closed = bringNeeded(all, tree);
  const closedCallbacks = all.filter((each) => each.change === callbacks?.change);
  const brought = new Set(closed.map(({ change }) => change.module.key));
  const changes = copied.changes.filter((change) => !change.isNew || closed.some((each) => each.change === change));
  const live = judgeLive(changes, tree.manifest.package, options);
  const diagnostics = [
    ...live.diagnostics,
    ...[...changes, ...closed].flatMap((each) => each.diagnostics),
    ...closedCallbacks.flatMap((each) => [...each.change.diagnostics, ...each.diagnostics, ...checkCallbackImports(each, tree, brought)]),
    ...copied.refusals,
    ...checkKinds(changes, tree, traced.revalued.imports),
    ...checkMoves(changes, tree, traced.revalued, picked),
    ...checkRemovedNames(changes.filter(({ module }) => picked.concerns(module.key)), tree, traced.revalued),
    ...checkRemovedMembers(changes.filter(({ module }) => picked.concerns(module.key)), tree),
    ...checkLoadOrder(changes.filter(({ module }) => picked.concerns(module.key)), tree, traced.revalued),
    ...checkDynamic(tree, traced, picked),
    ...checkComputed(changes, tree, traced.revalued, options),
    ...checkEntriesRead(changes, tree, options),
    ...checkEntries(tree, traced, picked),
    ...checkOutside(tree, picked),
    ...checkEnvironment(tree, options),
    ...picked.diagnostics,
    ...tree.notices(),
  ];
  const told = [...new Map(diagnostics.map((each) => [JSON.stringify(each), each])).values()];
  const refusals = told.filter((each) => each.severity === "refusal");
  const notices = told.filter((each) => each.severity === "notice");
  if (refusals.length > 0) return { outcome: "refused", refusals, notices };
  if (closed.length === 0 && !callbacks) return { outcome: "unchanged" };
  const [called] = closedCallbacks;
  const emitted = callbacks && called ? { ...callbacks, closed: called } : undefined;
  const payload = emit(closed, { manifest: tree.manifest, revalued: traced.revalued, calls: new CallGraph(tree), sequence: options.sequence ?? 1, live: live.accepted, callbacks: emitted });
  verify(payload);
  const ids = (origin: "replaced" | "added"): readonly string[] =>
    payload.modules.flatMap((module) => module.functions.filter((each) => each.origin === origin).map((each) => displayTarget(module.key, each.name, payload.package)));
  const constants = copied.constants.map(({ key, name }) => displayTarget(key, name, payload.package));
  const patch = patchId(Buffer.from(JSON.stringify(payload), "utf8"));
  return { outcome: "built", patch, payload, bytes: encodePatch(payload), replaced: ids("replaced"), added: ids("added"), constants, live: live.accepted, notices };
}
