/** The first build for a host, or by a new version: what it is about to ask is drawn by all of the machine's cores. */
import { resolve } from "node:path";
import type { Manifest } from "../../manifest/manifest.ts";
import { loadTree } from "../load/load.ts";
import { Analyses } from "./analyses.ts";
import { cacheFolder, DiskCache } from "./disk-cache.ts";
import { warm } from "./warm.ts";
import { World } from "./world.ts";

export interface ColdBuild {
  readonly base: string | Manifest;
  /** As those of `BuildOptions`. */
  readonly source?: string;
  readonly cache?: string | false;
}

/** Does nothing where the cache has something of the program: then what is missing is little. */
export async function warmForBuild({ base, source = process.cwd(), cache: wanted = cacheFolder(source) }: ColdBuild): Promise<void> {
  if (wanted === false || wanted === undefined) return;
  const cache = new DiskCache(wanted, resolve(source));
  if (!cache.isEmpty) return;
  const { base: before, fixed } = loadTree(base, source, undefined, new Analyses(cache));
  const changed = [...fixed.modules.values()].filter((module) => before.module(module.key) !== module).map(({ key }) => key);
  const needed = [...fixed.reaching(changed)].flatMap((key) => [fixed.module(key), before.module(key)].filter((module) => module !== undefined));
  await warm([new World(new Map(needed.map((module, index) => [`${index}`, module])))], cache);
  cache.save();
}
