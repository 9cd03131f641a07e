/** `node --import ts-hotfix/register`: programs that nothing builds. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildPatch } from "../../src/builder/build.ts";
import { readManifest } from "../../src/manifest/file.ts";
import { fixLive } from "../harness/live-fix.ts";
import { runCommand as hotfix } from "../harness/run-command.ts";
import { makeStage, ROOT, stageCopy, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

const REGISTER = ["--import", "ts-hotfix/register"];
const TSX = ["--import", "tsx"];

/** A cycle whose second module calls into the first before that has begun, CommonJS both ways, a worker, JavaScript. */
const PROGRAM = {
  "src/main.ts": `import { b } from "./b.ts";
import old from "./old.cts";
import { plain } from "./plain.js";
import { Worker } from "node:worker_threads";
interface Box { readonly n: number }
export function a(): string { return "a"; }
function fail(box: Box): never {
  throw new Error(\`failed \${box.n}\`);
}
console.log(a(), b(), old.old(), plain());
try { fail({ n: 1 }); } catch (error) { console.log(/main.ts:\\d+:\\d+/.exec((error as Error).stack ?? "")?.[0]); }
const worker = new Worker(new URL("./worker.ts", import.meta.url));
await new Promise((done) => worker.once("exit", done));
`,
  "src/b.ts": 'import { a } from "./main.ts";\nconst early = a();\nexport function b(): string { return `b${early}`; }\n',
  "src/old.cts": 'const { older } = require("./older.cts");\nfunction old(): string { return `old ${older()}`; }\nmodule.exports = { old };\n',
  "src/older.cts": "function older(): string { return __filename.slice(-9); }\nmodule.exports = { older };\n",
  "src/plain.js": "export const plain = () => 'plain';\n",
  "src/worker.ts": 'import { plain } from "./plain.js";\nfunction work(): string { return plain(); }\nconsole.log("worker", work());\n',
};

const SAID = "a ba old older.cts plain\nmain.ts:8:9\nworker plain\n";

const KEYS = ["b.ts", "main.ts", "old.cts", "older.cts", "plain.js", "worker.ts"].map((name) => `app:src/${name}`);

let stage: Stage;

const run = async (...argv: readonly string[]): Promise<string> => (await promisify(execFile)(process.execPath, ["--enable-source-maps", ...argv], { cwd: stage.folder })).stdout;

const manifestText = (): string => readFileSync(stage.path("hotfix.manifest.json"), "utf8");

describe("a program of all kinds of modules", () => {
  beforeAll(() => {
    stage = makeStage("register", { name: "app", type: "module" });
    writeFiles(stage.folder, PROGRAM);
  });
  afterAll(() => stage.remove());
  beforeEach(() => rmSync(stage.path("hotfix.manifest.json"), { force: true }));

  test("does what it did, and has a manifest: the one that `ts-hotfix manifest` makes ahead of time", async () => {
    expect(await run("src/main.ts")).toBe(SAID);
    expect(await run(...REGISTER, "src/main.ts")).toBe(SAID);
    expect([...readManifest(stage.path("hotfix.manifest.json")).modules.keys()]).toEqual(KEYS);
    const asLoaded = manifestText();
    expect(await hotfix(stage, "manifest", "src/main.ts", "src/worker.ts", "--out", "complete.json")).toMatchObject({ result: { files: 6, targets: 7 } });
    expect(readFileSync(stage.path("complete.json"), "utf8")).toBe(asLoaded);
  });

  test("the second start takes everything from the cache: no parser is loaded, the manifest is the same", async () => {
    const tell = "--import=data:text/javascript,process.on('exit', () => console.error(process.report.getReport().sharedObjects.filter((each) => each.includes('oxc')).length))";
    const libraries = async (): Promise<string> => (await promisify(execFile)(process.execPath, [...REGISTER, tell, "src/worker.ts"], { cwd: stage.folder })).stderr.trim();
    await run(...REGISTER, "src/main.ts");
    const first = manifestText();
    expect(await libraries()).toBe("0");
    expect(manifestText()).toBe(first);
    rmSync(stage.path("hotfix.manifest.json"));
    expect(await run(...REGISTER, "src/main.ts")).toBe(SAID);
    expect(manifestText()).toBe(first);
  });

  test("a damaged cache counts for none", async () => {
    await run(...REGISTER, "src/main.ts");
    const first = manifestText();
    const cache = stage.path("node_modules", ".cache", "ts-hotfix");
    const entries = readdirSync(cache, { recursive: true, encoding: "utf8" }).map((name) => join(cache, name)).filter((path) => !path.includes("v8") && statSync(path).isFile());
    expect(entries.length).toBeGreaterThan(KEYS.length);
    for (const [index, path] of entries.entries()) writeFileSync(path, index % 3 === 0 ? "" : readFileSync(path, "utf8").slice(0, -2).replace("function", "functiom"));
    rmSync(stage.path("hotfix.manifest.json"));
    expect(await run(...REGISTER, "src/main.ts")).toBe(SAID);
    expect(manifestText()).toBe(first);
  });

  test("several processes at a time write one manifest that has what all have loaded", async () => {
    rmSync(stage.path("node_modules", ".cache"), { recursive: true, force: true });
    await Promise.all(["src/old.cts", "src/worker.ts", "src/main.ts"].map((entry) => run(...REGISTER, entry)));
    expect([...readManifest(stage.path("hotfix.manifest.json")).modules.keys()]).toEqual(KEYS);
    expect(existsSync(stage.path("hotfix.manifest.json.lock"))).toBe(false);
  });

  test("another version of the program has a manifest of its own", async () => {
    await run(...REGISTER, "src/main.ts");
    writeFiles(stage.folder, { "src/b.ts": 'import { a } from "./main.ts";\nexport function b(): string { return `new b${a()}`; }\n' });
    rmSync(stage.path("src/plain.js"));
    writeFiles(stage.folder, { "src/plain.ts": "export const plain = () => 'plain';\n" });
    for (const file of ["src/main.ts", "src/worker.ts"]) writeFiles(stage.folder, { [file]: PROGRAM[file as "src/main.ts"].replace("./plain.js", "./plain.ts") });
    expect(await run(...REGISTER, "src/main.ts")).toBe(SAID.replace("ba", "new ba"));
    expect([...readManifest(stage.path("hotfix.manifest.json")).modules.keys()]).toEqual(KEYS.map((key) => key.replace("plain.js", "plain.ts")));
    writeFiles(stage.folder, PROGRAM);
    rmSync(stage.path("src/plain.ts"));
  });

  test("before tsx; what CommonJS requires there stays as it is, and changing it is refused", async () => {
    expect(await run(...REGISTER, ...TSX, "src/main.ts")).toBe(SAID);
    const manifest = readManifest(stage.path("hotfix.manifest.json"));
    expect([...manifest.modules.keys()]).toEqual(KEYS.filter((key) => !key.includes("older")));
    expect(Object.keys(manifest.outside)).toEqual(["app:src/older.cts"]);
    expect(manifest.environment.erasure).toBeUndefined();
  });

  test("behind a loader that has compiled the file it says so (HF0036)", async () => {
    await expect(run(...TSX, ...REGISTER, "src/main.ts")).rejects.toThrow(/HF0036.*main\.ts/);
  });
});

describe("configuration and errors", () => {
  beforeEach(() => {
    stage = makeStage("register-options", { name: "app", type: "module", "ts-hotfix": { exclude: "src/left.ts", manifest: "run/m.json", cache: "run/cache" } });
    writeFiles(stage.folder, { "src/main.ts": 'import { left } from "./left.ts";\nexport const f = (): string => left();\nconsole.log(f());\n', "src/left.ts": "export const left = (): string => 'left';\n", "tsconfig.json": '{ "compilerOptions": { "target": "es2020" } }' });
    return () => stage.remove();
  });

  test("options come from package.json; types are erased as Node.js does, whatever tsconfig says", async () => {
    expect(await run(...REGISTER, "src/main.ts")).toBe("left\n");
    const { modules, outside, environment } = readManifest(stage.path("run", "m.json"));
    expect([[...modules.keys()], Object.keys(outside)]).toEqual([["app:src/main.ts"], ["app:src/left.ts"]]);
    expect(environment).toMatchObject({ erasure: "node", compiler: { useDefineForClassFields: true } });
    expect(existsSync(stage.path("run", "cache"))).toBe(true);
    writeFiles(stage.folder, { "src/main.ts": 'import { left } from "./left.ts";\nclass Box {\n  readonly text: string = left();\n}\nexport const f = (): string => new Box().text;\nconsole.log(f());\n' });
    expect(buildPatch({ base: stage.path("run", "m.json"), source: stage.folder })).toMatchObject({ outcome: "built" });
  });

  test("wrong options and authors' errors end the program with code and place", async () => {
    writeFiles(stage.folder, { "package.json": '{ "name": "app", "type": "module", "ts-hotfix": { "includes": "x" } }' });
    await expect(run(...REGISTER, "src/main.ts")).rejects.toThrow(/HF0001.*`includes`/);
    writeFiles(stage.folder, { "package.json": '{ "name": "app", "type": "module" }', "src/left.ts": "export class A {\n  /** @hotfix */\n  m(): void {}\n}\nexport const left = (): string => 'left';\n" });
    await expect(run(...REGISTER, "src/main.ts")).rejects.toThrow(/left\.ts:2:\d+ .*A\.m/);
    await expect(hotfix(stage, "manifest", "src/none.ts")).rejects.toThrow(/HF0006/);
  });
});

describe("what has not come to us is not lost on the builder", () => {
  beforeEach(() => {
    stage = makeStage("register-unseen", { name: "app", type: "module" });
    writeFiles(stage.folder, {
      "src/main.ts": 'import { early } from "./early.ts";\nimport type { Kind } from "./types.ts";\nexport async function f(): Promise<Kind> {\n  const { late } = await import("./late.ts");\n  return early() + late();\n}\nf.name;\n',
      "src/types.ts": "export type Kind = string;\n",
      "src/early.ts": 'let n = 0;\nexport function early(): string {\n  return `a${n++}`;\n}\n',
      "src/late.ts": 'import { deep } from "./deep.ts";\nexport function late(): string {\n  return deep();\n}\n',
      "src/deep.ts": 'export function deep(): string {\n  return "a";\n}\n',
    });
    return () => stage.remove();
  });

  const codes = (): unknown => {
    const result = buildPatch({ base: stage.path("hotfix.manifest.json"), source: stage.folder });
    return result.outcome === "refused" ? result.refusals.map(({ code, message }) => `${code} ${/\w+\.ts/.exec(message)?.[0]}`) : result.outcome;
  };

  test("modules that are loaded later, and those that ran before us", async () => {
    await run("--import", "./src/early.ts", ...REGISTER, "src/main.ts");
    expect([[...readManifest(stage.path("hotfix.manifest.json")).modules.keys()], codes()]).toEqual([["app:src/main.ts"], "unchanged"]);
    for (const name of ["early", "late", "deep"]) writeFiles(stage.folder, { [`src/${name}.ts`]: readFileSync(stage.path("src", `${name}.ts`), "utf8").replace(/return [^;]+/, 'return "fixed"') });
    writeFiles(stage.folder, { "src/types.ts": "export type Kind = string | number;\n" });
    expect(codes()).toEqual(["HF1503 deep.ts", "HF1503 early.ts", "HF1503 late.ts"]);
    // the next release starts with them, and without some
    await run(...REGISTER, "src/main.ts");
    expect([[...readManifest(stage.path("hotfix.manifest.json")).modules.keys()], codes()]).toEqual([["app:src/early.ts", "app:src/main.ts"], "unchanged"]);
    rmSync(stage.path("src/deep.ts"));
    writeFiles(stage.folder, { "src/late.ts": 'export const late = (): string => "alone";\n' });
    await run(...REGISTER, "src/main.ts");
    expect(codes()).toBe("unchanged");
  });
});

describe("the web application, fixed while it is used", () => {
  test.each([
    ["Node.js", [...REGISTER, "src/main.ts"]],
    ["tsx", [...REGISTER, ...TSX, "src/main.ts"]],
  ])("%s", async (_name, argv) => {
    const copy = stageCopy("webapp", join(ROOT, "fixtures", "webapp"));
    try {
      for (const file of ["src/main.ts", "src/routes.ts", "src/shop.ts", "fix/src/shop.ts"]) {
        writeFiles(copy.folder, { [file]: readFileSync(copy.path(file), "utf8").replaceAll(/(from "\.\/\w+)\.js"/g, '$1.ts"') });
      }
      const seen = await fixLive(copy, argv, "hotfix.manifest.json");
      expect(seen).toMatchObject({ failed: 0, before: { ok: true }, after: { ok: false }, rolledBack: { ok: true }, init: { runs: 1 } });
    } finally {
      copy.remove();
    }
  });
});
