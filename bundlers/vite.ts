/** `ts-hotfix/vite`: the adapter for Vite, for builds of servers (`vite build --ssr`). */
import "../src/node/exit-on-old-node.ts";
import type { Plugin } from "vite";
import { plugin } from "../src/bundler/plugin.ts";
import type { TransformOptions } from "../src/transform/options.ts";

export type { TransformOptions as HotfixOptions } from "../src/transform/options.ts";

/**
 * Makes the top-level functions of a bundle patchable and writes the manifest of the build beside it.
 * Takes TypeScript and JavaScript; stands before plugins that rewrite functions.
 *
 * @param options all optional; see {@link TransformOptions}. Globs and the manifest's path are relative to the root of Vite's configuration
 * @throws HotfixError HF0001 for an unknown option, HF0003 for a wrong value
 * @example
 * import hotfix from "ts-hotfix/vite";
 * export default { build: { ssr: "src/server.ts" }, plugins: [hotfix()] };
 */
export const hotfix: (options?: TransformOptions) => Plugin = (options) => plugin.vite(options) as Plugin;

export default hotfix;
