/**
 * What a person who debugs a server relies on, whichever back end built it and whatever minified the bundle: stacks name
 * the author's lines, and breakpoints set by them are hit; in the fixed source while a patch is in place.
 */
import { execFile, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { rollup, type Plugin } from "rollup";
import { minify } from "terser";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { hotfix } from "../../rollup-plugin/index.ts";
import { buildPatch } from "../../src/builder/build.ts";
import { makeStage, ROOT, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";
import { Debugger } from "../harness/debugger.ts";

const SHOP = `// Prices, in cents.
export interface Item {
  readonly price: number;
}

export function total(items: readonly Item[], { discount = 0 }: { readonly discount?: number } = {}): number {
  let sum = 0;
  for (const item of items) sum += check(item);
  return sum - discount;
}

const check = (item: Item): number => {
  if (item.price < 0) throw new Error("negative: " + item.price);
  return item.price;
};

export function order(items: readonly Item[]): number {
  const sum = total(items);
  return sum;
}
`;

/** Other lines, and `total` and `check` changed; `order` is the host's. */
const FIXED = SHOP.replace("// Prices, in cents.\n", "// Prices, in cents.\n// Never negative.\n\n").replace("let sum = 0;", "let sum = 0;\n  const fee = 1;").replace("sum - discount", "sum + fee - discount").replace('"negative: "', '"below zero: "');

const MAIN = `import { order } from "./shop.js";

function answer(price: number): string {
  try {
    return String(order([{ price }]));
  } catch (error) {
    return (error as Error).stack ?? "";
  }
}

process.on("message", (price: unknown) => {
  if (typeof price === "number") process.send?.(answer(price));
});
`;

/** The process: the built program, and a channel for operations beside it. */
const SERVER = `import { apply, rollback } from "ts-hotfix";
await import(process.argv[2]);
process.on("message", async (message) => {
  if (typeof message === "number") return;
  const result = message.apply ? await apply(message.apply) : await rollback();
  process.send(result.outcome);
});
process.send("ready");
`;

const lineOf = (text: string, part: string): number => text.split("\n").findIndex((line) => line.includes(part)) + 1;

interface Program {
  readonly file: string;
  readonly patch: string;
}

const BUILDS = ["tspc", "tspc-bundled", "tspc-terser", "tspc-esbuild", "rollup", "rollup-terser", "rollup-esbuild"] as const;

let stage: Stage;
let programs: Readonly<Record<(typeof BUILDS)[number], Program>>;
let child: ChildProcess | undefined;
let debug: Debugger | undefined;

beforeAll(async () => {
  stage = makeStage("debugging", { name: "app", type: "module" });
  const compilerOptions = { module: "nodenext", target: "es2022", types: ["node"], rootDir: "src", outDir: "out", strict: true, sourceMap: true, plugins: [{ transform: "ts-hotfix/transformer", manifest: "tspc.manifest.json" }] };
  writeFiles(stage.folder, { "src/shop.ts": SHOP, "src/main.ts": MAIN, "server.mjs": SERVER, "tsconfig.json": JSON.stringify({ compilerOptions, include: ["src"] }) });
  await promisify(execFile)(process.execPath, [join(ROOT, "node_modules/ts-patch/bin/tspc.js"), "-p", "."], { cwd: stage.folder });
  const compiled = await bundle("tspc-bundled", "out/main.js", [maps()]);
  const bundled = await bundle("rollup", "src/main.ts", [hotfix({ root: stage.folder, manifest: "rollup.manifest.json" }), types()]);
  writeFileSync(stage.path("src/shop.ts"), FIXED);
  const [ofTspc, ofRollup] = [buildFix("tspc"), buildFix("rollup")];
  programs = {
    tspc: { file: stage.path("out/main.js"), patch: ofTspc },
    "tspc-bundled": { file: compiled, patch: ofTspc },
    "tspc-terser": { file: await minifyFile("terser", compiled), patch: ofTspc },
    "tspc-esbuild": { file: await minifyFile("esbuild", compiled), patch: ofTspc },
    rollup: { file: bundled, patch: ofRollup },
    "rollup-terser": { file: await minifyFile("terser", bundled), patch: ofRollup },
    "rollup-esbuild": { file: await minifyFile("esbuild", bundled), patch: ofRollup },
  };
}, 180_000);

afterEach(async () => {
  debug?.close();
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  child = debug = undefined;
});

afterAll(() => stage.remove());

/** Without a manifest of its own where the compiler has transformed already. */
async function bundle(name: string, input: string, plugins: readonly Plugin[]): Promise<string> {
  const made = await rollup({ input: stage.path(input), plugins: [...plugins], external: ["ts-hotfix/module"], onLog() {} });
  await made.write({ dir: stage.path("dist", name), format: "es", sourcemap: true });
  await made.close();
  return stage.path("dist", name, "main.js");
}

function types(): Plugin {
  return {
    name: "types",
    resolveId: (source, importer) => (importer && source.startsWith(".") ? join(importer, "..", source.replace(/js$/, "ts")) : null),
    transform: async (code, id) => (id.endsWith(".ts") ? await transform(code, { loader: "ts", target: "es2022", sourcefile: id, sourcemap: true }) : null),
  };
}

/** Takes up the compiler's source maps. */
function maps(): Plugin {
  return { name: "maps", load: (id) => ({ code: readFileSync(id, "utf8"), map: readFileSync(`${id}.map`, "utf8") }) };
}

async function minifyFile(minifier: "terser" | "esbuild", file: string): Promise<string> {
  const [code, map] = [readFileSync(file, "utf8").replace(/\/\/# sourceMappingURL.*\s*$/, ""), readFileSync(`${file}.map`, "utf8")];
  const inline = `${code}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString("base64")}`;
  const made =
    minifier === "terser"
      ? await minify({ "main.js": code }, { module: true, toplevel: true, sourceMap: { content: map } })
      : await transform(inline, { minify: true, format: "esm", sourcemap: true, sourcefile: "main.js" });
  const text = (made.code ?? "").trim();
  expect(text.split("\n").length, "it is minified").toBeLessThan(8);
  const to = file.replace(/main\.js$/, `${minifier}.js`);
  writeFileSync(to, `${text}\n//# sourceMappingURL=${minifier}.js.map\n`);
  writeFileSync(`${to}.map`, typeof made.map === "string" ? made.map : JSON.stringify(made.map));
  return to;
}

function buildFix(name: "tspc" | "rollup"): string {
  const result = buildPatch({ base: stage.path(`${name}.manifest.json`), source: stage.folder });
  if (result.outcome !== "built") throw new Error(JSON.stringify(result, undefined, 1));
  expect(result.replaced).toEqual(["src/shop.ts#total", "src/shop.ts#check"]);
  writeFileSync(stage.path(`${name}.hotfix`), result.bytes);
  return stage.path(`${name}.hotfix`);
}

async function start(file: string, ...execArgv: readonly string[]): Promise<ChildProcess> {
  child = fork(stage.path("server.mjs"), [file], { cwd: stage.folder, execArgv: [...execArgv], stdio: ["ignore", "ignore", "pipe", "ipc"], env: { ...process.env, NODE_OPTIONS: "" } });
  return child;
}

async function ask(what: unknown): Promise<string> {
  const answer = once(child as ChildProcess, "message");
  child?.send(what as object);
  const [text] = (await answer) as [string];
  return text;
}

/** `src/shop.ts:18`, frame by frame. */
function placesOf(stack: string): readonly string[] {
  return [...stack.matchAll(/\bsrc\/(\w+\.ts):(\d+):\d+/g)].map(([, file, line]) => `src/${file ?? ""}:${line ?? ""}`);
}

function placesFor(text: string): readonly string[] {
  return [
    ...["throw new Error", "sum += check"].map((part) => `src/shop.ts:${lineOf(text, part)}`),
    // these two are the host's in any case
    `src/shop.ts:${lineOf(SHOP, "= total(items)")}`,
    `src/main.ts:${lineOf(MAIN, "String(order")}`,
  ];
}

test.each(BUILDS)("%s: stacks name the author's lines", async (build) => {
  const { file, patch } = programs[build];
  await once(await start(file, "--enable-source-maps"), "message");
  expect(placesOf(await ask(-5)).slice(0, 4)).toEqual(placesFor(SHOP));
  expect(await ask({ apply: patch })).toBe("applied");
  const patched = await ask(-5);
  expect(patched).toContain("below zero: -5");
  // the minifiers' names and the guards of patched calls stand between: only frames of ours are compared
  expect(placesOf(patched).filter((place, index, all) => place !== all[index - 1])).toEqual(expect.arrayContaining([...placesFor(FIXED)]));
  expect(await ask({})).toBe("rolled-back");
  expect(placesOf(await ask(-5)).slice(0, 4)).toEqual(placesFor(SHOP));
});

test.each(BUILDS)("%s: breakpoints set by the source are hit, in the patch while it is in place", async (build) => {
  const { file, patch } = programs[build];
  debug = await Debugger.attach(await start(file, "--inspect=127.0.0.1:0"));
  const { hits } = debug;
  const original = await debug.breakAt((script) => script.url.startsWith("file:") && !script.url.includes("node_modules"), "src/shop.ts", lineOf(SHOP, "return sum - discount"));
  expect(original).toBe(`file src/shop.ts:${lineOf(SHOP, "return sum - discount")}`);
  expect([await ask(5), hits.splice(0)]).toEqual(["5", [original]]);

  expect(await ask({ apply: patch })).toBe("applied");
  const changed = await debug.breakAt((script) => script.url.startsWith("hotfix:"), "src/shop.ts", lineOf(FIXED, "return sum + fee"));
  expect(changed).toBe(`hotfix src/shop.ts:${lineOf(FIXED, "return sum + fee")}`);
  expect([await ask(5), hits.splice(0)]).toEqual(["6", [changed]]);

  expect(await ask({})).toBe("rolled-back");
  expect([await ask(5), hits.splice(0)]).toEqual(["5", [original]]);
});
