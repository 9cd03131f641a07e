/** `ts-hotfix manifest --warm FILE`: fills the cache of conclusions, so that the next patch is built quickly. */
import { resolve } from "node:path";
import { loadTree } from "../builder/load/load.ts";
import { Analyses } from "../builder/world/analyses.ts";
import { cacheFolder, DiskCache } from "../builder/world/disk-cache.ts";
import { warm, type Warmed } from "../builder/world/warm.ts";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { printable } from "../messages/printable.ts";
import { count } from "./result.ts";
import { printJson, type ExitCode, type Terminal } from "./terminal.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface WarmFlags {
  readonly source?: string;
  readonly cache?: string;
  readonly json?: boolean;
}

const NOWHERE = "there is no folder for the cache; name one with --cache";

export async function warmCache(terminal: Terminal, file: string, flags: WarmFlags): Promise<ExitCode> {
  const { source = process.cwd(), cache: wanted = cacheFolder(source), json = false } = flags;
  if (wanted === undefined) throw new HotfixError(diagnostic("HF0006", "error", { detail: NOWHERE }));
  const folder = resolve(wanted);
  const cache = new DiskCache(folder, resolve(source));
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    const { base, fixed } = loadTree(file, source, undefined, new Analyses(cache));
    const overwrite = json ? undefined : terminal.overwrite;
    const warmed = await warm([base, fixed], cache, { stop: stop.signal, watch: (done, of) => overwrite?.(`Analysed ${done} of ${of} modules`) });
    overwrite?.("");
    // a file appears as a whole, or not at all
    if (!cache.save()) throw new HotfixError(diagnostic("HF0007", "error", { file: folder, detail: "the cache could not be written" }));
    if (json) printJson(terminal, "manifest", { result: { manifest: file, cache: folder, ...warmed } });
    else tell(terminal, warmed, folder);
    return warmed.left > 0 ? 2 : warmed.failed.length > 0 ? 1 : 0;
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

function tell({ paint, print, complain }: Terminal, { there, made, failed, left }: Warmed, folder: string): void {
  for (const { key, detail } of failed) complain(paint.yellow(printable(`${key} could not be analysed: ${detail}`)));
  if (left > 0) complain(paint.red(`Interrupted: ${count(left, "module")} left.`));
  print(paint.green(printable(`${folder}: ${count(made, "module")} analysed, ${there} there already.`)));
}
