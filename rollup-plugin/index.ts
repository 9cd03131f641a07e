/** `ts-hotfix/rollup-plugin`: the adapter for Rollup 4. */
import "../src/node/exit-on-old-node.ts";
import type { Plugin } from "rollup";
import { plugin } from "../src/bundler/plugin.ts";
import type { TransformOptions } from "../src/transform/options.ts";

export type { TransformOptions as HotfixOptions } from "../src/transform/options.ts";

/**
 * Makes the top-level functions of a bundle patchable and writes the manifest of the build beside it.
 * Takes TypeScript and JavaScript; stands before plugins that rewrite functions.
 *
 * @param options all optional; see {@link TransformOptions}. Globs and the manifest's path are relative to the working directory
 * @throws HotfixError HF0001 for an unknown option, HF0003 for a wrong value
 * @example
 * export default { input: "src/server.ts", output: { dir: "dist", format: "es" }, plugins: [hotfix(), esbuild()] };
 */
export function hotfix(options: TransformOptions = {}): Plugin {
  return plugin.rollup(options) as Plugin;
}

export default hotfix;
