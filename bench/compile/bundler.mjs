// Bundles the generated project, with our plugin or without, and tells the processor time of the process.
import { globSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "oxc-transform";
import { rollup } from "rollup";

const { folder, transformed } = JSON.parse(process.argv[2]);
const own = transformed ? [(await import("../../dist/rollup-plugin/index.js")).hotfix({ root: folder })] : [];
const sources = {
  name: "sources",
  resolveId: (specifier, importer) => (importer && specifier.startsWith(".") ? join(importer, "..", specifier.replace(/\.js$/, ".ts")) : null),
  transform(code, id) {
    const result = transformSync(id, code, { sourcemap: true, target: "es2022" });
    return { code: result.code, map: result.map };
  },
};
const input = globSync("src/**/*.ts", { cwd: folder }).map((file) => join(folder, file));
const bundle = await rollup({ input, plugins: [...own, sources], onLog() {} });
await bundle.write({ dir: join(folder, transformed ? "bundle-transformed" : "bundle"), format: "es", sourcemap: true });
await bundle.close();
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ seconds: (user + system) / 1e6 }));
