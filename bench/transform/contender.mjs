// Takes all files of a list through one tool: once to warm up, and once more, which counts.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { tool, list, root, peers } = JSON.parse(process.argv[2]);
const requirePeer = (name) => createRequire(join(peers, "peers.js"))(name);
const resolvePeer = (name) => createRequire(join(peers, "peers.js")).resolve(name);
const isTyped = (file) => /\.[cm]?tsx?$/.test(file);

const TOOLS = {
  async "ts-hotfix"() {
    const { openProject, isPlanned } = await import("../../dist/src/transform/project.js");
    const { applyPlanToText } = await import("../../dist/src/rewrite/text.js");
    return () => {
      const project = openProject("bench", {}, root);
      return (file, text) => {
        const planned = project.plan(file, text, { format: "esm", table: { form: "constant" } });
        if (!isPlanned(planned)) throw new Error(`${file}: ${JSON.stringify(planned)}`);
        const { code, map } = applyPlanToText(planned.analysis.parsed.text, planned.plan, file);
        return code.length + map.toString().length;
      };
    };
  },
  async "oxc-parser"() {
    const { parseSync } = await import("oxc-parser");
    return () => (file, text) => parseSync(file, text, { sourceType: "unambiguous", astType: "ts", range: true, preserveParens: false }).program.body.length;
  },
  async "ts.transpileModule"() {
    const { default: ts } = await import("typescript");
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, jsx: ts.JsxEmit.ReactJSX, sourceMap: true };
    return () => (file, text) => ts.transpileModule(text, { fileName: file, compilerOptions }).outputText.length;
  },
  async "babel-plugin-istanbul"() {
    const babel = requirePeer("@babel/core");
    const plugin = [requirePeer("babel-plugin-istanbul").default, { cwd: root, include: [], exclude: [], excludeNodeModules: false }];
    const options = { babelrc: false, configFile: false, sourceMaps: true, compact: false, presets: [[requirePeer("@babel/preset-typescript").default, { allowDeclareFields: true }]], plugins: [plugin] };
    return () => (filename, text) => babel.transformSync(text, { ...options, filename }).code.length;
  },
  async "swc coverage"() {
    const swc = requirePeer("@swc/core");
    const plugins = [[resolvePeer("swc-plugin-coverage-instrument"), {}]];
    return () => (filename, text) => {
      const parser = isTyped(filename) ? { syntax: "typescript", tsx: filename.endsWith("x") } : { syntax: "ecmascript", jsx: true };
      return swc.transformSync(text, { filename, swcrc: false, sourceMaps: true, jsc: { parser, target: "es2022", experimental: { plugins, cacheRoot: join(peers, ".swc") } } }).code.length;
    };
  },
};

const texts = JSON.parse(readFileSync(list, "utf8")).map((file) => [file, readFileSync(file, "utf8")]);
const begin = await TOOLS[tool]();
let seconds = 0;
let length = 0;
for (let pass = 0; pass < 2; pass++) {
  const take = begin();
  const before = process.cpuUsage();
  for (const [file, text] of texts) length += take(file, text);
  const { user, system } = process.cpuUsage(before);
  seconds = (user + system) / 1e6;
}
console.log(JSON.stringify({ seconds, length }));
