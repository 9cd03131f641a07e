/**
 * `dist/runtime`: what a server loads, in as few files as its moments need. Resolving and reading a dozen small modules takes
 * fifteen times as long as running what is in them, and every start of every server and worker would pay for it.
 */
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const bundle = await rolldown({
  // `engine` is an entry because a server that must not wait requires it by its name (src/runtime/thread.ts).
  input: Object.fromEntries(["index", "module", "boot", "engine"].map((name) => [name, at(`src/runtime/${name}.ts`)])),
  external: /^node:/,
  platform: "node",
});
await bundle.write({
  dir: at("dist/runtime"),
  cleanDir: true,
  format: "es",
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
  sourcemap: true,
});
await bundle.close();
