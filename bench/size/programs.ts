/** Programs whose bundles are measured: one of ours, and packages from npm. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchPackages } from "../npm-packages.ts";

export interface SizedProgram {
  readonly name: string;
  /** Undefined: a folder of this repository. */
  readonly specifier: string | undefined;
  readonly root: string;
  readonly entry: string;
}

export const PROGRAMS: readonly SizedProgram[] = [
  { name: "game server", specifier: undefined, root: "fixtures/game-server", entry: "src/main.ts" },
  { name: "date-fns", specifier: "date-fns@4.1.0", root: "date-fns", entry: "index.js" },
  { name: "js-yaml", specifier: "js-yaml@4.1.0", root: "js-yaml", entry: "dist/js-yaml.mjs" },
  { name: "sucrase", specifier: "sucrase@3.35.0", root: "sucrase", entry: "dist/esm/index.js" },
  { name: "lodash", specifier: "lodash-es@4.17.21", root: "lodash-es", entry: "lodash.js" },
];

export interface FetchedProgram {
  readonly root: string;
  readonly entry: string;
}

/** @param folder packages are copied into: what lies below `node_modules` is no program of anybody's */
export async function fetchProgram({ specifier, root, entry }: SizedProgram, folder: string): Promise<FetchedProgram> {
  const own = fileURLToPath(new URL("../../", import.meta.url));
  const place = specifier === undefined ? join(own, root) : join(folder, root);
  if (specifier !== undefined) cpSync(join(await fetchPackages(`size-${root}`, [specifier]), root), place, { recursive: true });
  return { root: place, entry: join(place, entry) };
}
