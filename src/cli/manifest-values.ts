/** A manifest's values, as `ts-hotfix manifest --show` tells them. */
import { statSync } from "node:fs";
import picomatch from "picomatch";
import { readManifest } from "../manifest/file.ts";
import { readBlobs } from "../manifest/git.ts";
import type { Manifest, ManifestModule, ModuleFacts } from "../manifest/manifest.ts";
import { displayKey } from "../manifest/module-key.ts";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";

export interface ManifestValues extends Omit<Manifest, "modules"> {
  readonly file: string;
  readonly modules: readonly ModuleValues[];
  readonly totals: ManifestTotals;
}

export interface ModuleValues extends Pick<ManifestModule, "fingerprint" | "content">, ModuleFacts {
  readonly key: string;
  /** `embedded`, or the id of the git blob that has the text. */
  readonly stored: "embedded" | { readonly blob: string };
  /** Where it was asked for; null: the repository of the working directory does not have it. */
  readonly text?: string | null;
}

/** Of the whole manifest, whatever modules are shown. */
export interface ManifestTotals {
  readonly modules: number;
  readonly targets: number;
  /** Bytes of the file. */
  readonly bytes: number;
}

export interface Wanted {
  /** Glob of the modules to show; undefined: all. */
  readonly module: string | undefined;
  readonly text: boolean;
}

/** @throws HotfixError as `readManifest` does, and HF0006 where no module matches */
export function manifestValues(file: string, { module: glob, text }: Wanted): ManifestValues {
  const { modules, ...head } = readManifest(file);
  const targets = [...modules.values()].reduce((sum, { facts }) => sum + facts.targets.length, 0);
  const matches = glob === undefined ? () => true : picomatch(glob.replace(/^\.\//, ""));
  const chosen = [...modules].filter(([key]) => matches(displayKey(key, head.package)));
  const isMissing = chosen.length === 0 && glob !== undefined;
  if (isMissing) throw new HotfixError(diagnostic("HF0006", "error", { detail: `no module of the manifest matches \`${glob}\`` }));
  const blobs = text ? readBlobs(process.cwd(), chosen.flatMap(([, { blob }]) => blob ?? [])) : undefined;
  return {
    file, ...head,
    modules: chosen.map(([key, module]) => ({ ...valuesOf(key, module), ...(blobs && { text: module.text ?? blobs.get(module.blob ?? "") ?? null }) })),
    totals: { modules: modules.size, targets, bytes: statSync(file).size },
  };
}

function valuesOf(key: string, { fingerprint, content, facts, blob }: ManifestModule): ModuleValues {
  return { key, fingerprint, content, ...facts, stored: blob === undefined ? "embedded" : { blob } };
}
