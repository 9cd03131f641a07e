/** Whether the fixed tree would be built as the host was: patch code must mean what a fresh build would. */
import { readEnvironment } from "../../manifest/environment.ts";
import { MEANINGFUL } from "../../manifest/compiler-options.ts";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import type { LoadedTree } from "../load/load.ts";

export interface EnvironmentOptions {
  /** The fixed tree may have another lock file: whoever says so has seen that the packages in use are the same. Default false. */
  readonly acceptLockfile?: boolean;
}

export function checkEnvironment({ manifest, project }: LoadedTree, { acceptLockfile = false }: EnvironmentOptions): readonly Diagnostic[] {
  const { environment } = manifest;
  const now = readEnvironment(project.root, Object.values(manifest.packages), environment);
  const changed = MEANINGFUL
    .filter((name) => JSON.stringify(environment.compiler[name]) !== JSON.stringify(now.compiler[name]))
    .map((name) => diagnostic("HF1504", "refusal", { setting: name, before: shown(environment.compiler[name]), after: shown(now.compiler[name]) }));
  // No lock file says nothing.
  const locked = environment.lockfile === null || now.lockfile === null || environment.lockfile === now.lockfile;
  return locked ? changed : [...changed, diagnostic("HF1505", acceptLockfile ? "notice" : "refusal", {})];
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
