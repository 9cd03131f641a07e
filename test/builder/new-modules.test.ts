/** Patches with new modules, applied one after the other to one running program. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildPatch } from "../../src/builder/build.ts";
import { applyPlanToText } from "../../src/rewrite/text.ts";
import { isPlanned, openProject } from "../../src/transform/project.ts";
import { codes, hotfix, load, MODULE_URL, World, type Exports } from "../runtime/world.ts";

const { apply, rollback, status } = hotfix;

/** A running program of `input.ts` and others, and a way to apply what its tree becomes. */
class Program {
  readonly #world = new World();
  readonly #base: ReturnType<ReturnType<typeof openProject>["manifest"]>;
  #sequence = 0;

  constructor(files: Readonly<Record<string, string>>) {
    this.#world.write("package.json", '{ "name": "app" }');
    mkdirSync(this.#world.path("src"));
    this.write(files);
    const project = openProject("test", {}, this.#world.folder);
    const paths = Object.keys(files).map((file) => this.#world.path(`src/${file}`));
    this.#base = project.manifest(paths);
    for (const path of paths) {
      const text = files[path.slice(this.#world.path("src/").length)] ?? "";
      const planned = project.plan(path, text, { format: "esm", table: { form: "constant" } });
      if (!isPlanned(planned)) throw new Error(JSON.stringify(planned));
      const code = applyPlanToText(text, planned.plan, path).code.replace('"ts-hotfix/module"', JSON.stringify(MODULE_URL)).replaceAll(/"\.\/(\w+)\.js"/g, '"./$1.mjs"');
      writeFileSync(path.replace(/\.ts$/, ".mjs").replace("/src/", "/"), code);
    }
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) this.#world.write(`src/${file}`, text);
  }

  remove(file: string): void {
    rmSync(this.#world.path(`src/${file}`));
  }

  load(file: string, query = ""): Promise<Exports> {
    return load(this.#world.url(file) + query);
  }

  async apply(): Promise<Awaited<ReturnType<typeof apply>>> {
    const result = buildPatch({ base: this.#base, source: this.#world.folder, acceptComputed: true, sequence: ++this.#sequence });
    if (result.outcome !== "built") throw new Error(JSON.stringify(result, undefined, 1));
    return await apply(result.bytes);
  }
}

const INPUT = "export function run() { return 'base'; }\n";
const using = (names: string, module: string, body: string): string => `import { ${names} } from "./${module}.js";\nexport function run() { ${body} }\n`;
const STATE = "export const seen = new Map();\nexport class Coin { static made = seen.set('coin', 1); }\nglobalThis.ran = (globalThis.ran ?? 0) + 1;\nexport function note(k) { seen.set(k, seen.size); return [...seen.keys()].join(); }\n";

test("what a new module has evaluated is kept by later patches, through rollbacks too", async () => {
  Reflect.deleteProperty(globalThis, "ran");
  const program = new Program({ "input.ts": INPUT });
  const { run } = await program.load("input.mjs");
  program.write({ "state.ts": STATE, "input.ts": using("note, seen, Coin", "state", "note('a'); return { seen, Coin, note };") });
  expect(await program.apply()).toMatchObject({ outcome: "applied", functions: ["src/state.ts#note", "src/input.ts#run"], pending: [] });
  expect(status().modules.map(({ key, instances, brought }) => [key, instances, brought])).toEqual([["app:src/input.ts", 1, undefined], ["app:src/state.ts", 1, true]]);
  const first = run();
  await rollback();
  expect(run()).toBe("base");
  // one more function, a changed one, and a module between
  program.write({
    "state.ts": `${STATE.replace("return [...seen.keys()].join()", "return 'changed'")}export const more = () => seen.size;\n`,
    "between.ts": 'export * from "./state.js";\nexport const text = "between";\n',
    "input.ts": using("note, seen, Coin, more, text", "between", "return { seen, Coin, note, said: note('b'), size: more(), text };"),
  });
  expect((await program.apply()).outcome).toBe("applied");
  expect(run()).toEqual({ ...first, said: "changed", size: 3, text: "between" });
  expect(run().seen).toBe(first.seen);
  expect(run().note).toBe(first.note);
  expect(globalThis).toMatchObject({ ran: 1 });
});

test.each([
  ["a changed statement", STATE.replace("?? 0) + 1", "?? 0) + 2")],
  ["a removed statement", STATE.replace(/globalThis.*\n/, "")],
  ["a changed initialiser", STATE.replace("new Map()", "new Map([[1, 2]])")],
  ["a statement before the others", `globalThis.early = 1;\n${STATE}`],
])("%s of a module that has been evaluated is refused", async (_what, text) => {
  const program = new Program({ "input.ts": INPUT });
  const { run } = await program.load("input.mjs");
  program.write({ "state.ts": STATE, "input.ts": using("note", "state", "return note('a');") });
  await program.apply();
  program.write({ "state.ts": text });
  const result = await program.apply();
  expect([result.outcome, new Set(codes(result))]).toEqual(["refused", new Set(["HF2006"])]);
  expect(run()).toBe("coin,a");
});

test("a module that fails undoes all, and the next attempt starts afresh", async () => {
  const program = new Program({ "input.ts": INPUT });
  const { run } = await program.load("input.mjs");
  program.write({
    "list.ts": "export const list = [];\nlist.push('listed');\n",
    "bad.ts": 'import { list } from "./list.js";\nlist.push("bad");\nif (!globalThis.lucky) throw new Error("no luck");\nexport { list };\n',
    "input.ts": using("list", "bad", "return list.join();"),
  });
  Object.assign(globalThis, { lucky: false });
  expect(await program.apply()).toMatchObject({
    outcome: "failed", error: { message: "no luck" },
    diagnostics: [{ code: "HF3028", message: "The module app:src/bad.ts, which the patch brings, failed while it was evaluated: no luck." }],
  });
  expect([run(), status().state, status().modules.length]).toEqual(["base", "base", 1]);
  Object.assign(globalThis, { lucky: true });
  expect((await program.apply()).outcome).toBe("applied");
  expect(run()).toBe("listed,bad");
});

test("what a module reads of a new one before its turn is in its dead zone", async () => {
  const program = new Program({ "input.ts": INPUT });
  await program.load("input.mjs");
  program.write({
    "a.ts": 'import { b } from "./b.js";\nexport const a = 1;\nexport const c = b;\n', "b.ts": 'import { a } from "./a.js";\nexport const b = a;\n',
    "input.ts": using("c", "a", "return c;"),
  });
  expect(await program.apply()).toMatchObject({ outcome: "failed", error: { name: "ReferenceError", message: "Cannot access 'a' before initialization" } });
});

test("an addition whose text is the same but whose names mean something else is another one", async () => {
  const base = "const MAX = 1;\nexport function run() { return MAX; }\n";
  const program = new Program({ "input.ts": base, "a.ts": "export const from = 'a';\n", "b.ts": "export const from = 'b';\n" });
  const { run } = await program.load("input.mjs");
  await program.load("a.mjs");
  await program.load("b.mjs");
  const withMax = (max: number, extra = ""): string => `const MAX = ${max};\nfunction twice() { return MAX * 2; }\nexport function run() { return twice()${extra}; }\n`;
  program.write({ "input.ts": withMax(5) });
  await program.apply();
  expect(run()).toBe(10);
  program.write({ "input.ts": withMax(6) });
  await program.apply();
  expect(run()).toBe(12);
  const importing = (module: string): string => `import { from } from "./${module}.js";\nexport const kept = from;\nexport function say() { return from; }\n`;
  program.write({ "new.ts": importing("a"), "input.ts": `import { kept, say } from "./new.js";\n${withMax(6, " + kept + say()")}` });
  expect((await program.apply()).outcome).toBe("applied");
  expect(run()).toBe("12aa");
  program.write({ "new.ts": importing("b") });
  expect(codes(await program.apply())).toEqual(["HF2006"]);
  program.write({ "new.ts": importing("b").replace(/export const kept.*\n/, ""), "input.ts": `import { say } from "./new.js";\n${withMax(6, " + say()")}` });
  await program.apply();
  expect(run()).toBe("12b");
});

test("an import for effects alone makes a patch", async () => {
  Reflect.deleteProperty(globalThis, "ran");
  const program = new Program({ "input.ts": INPUT });
  const { run } = await program.load("input.mjs");
  program.write({ "setup.ts": "globalThis.ran = 'setup';\n", "input.ts": `import "./setup.js";\n${INPUT}` });
  expect(await program.apply()).toMatchObject({ outcome: "applied", functions: [] });
  expect([run(), globalThis]).toMatchObject(["base", { ran: "setup" }]);
});

test("a module waits for the host module that needs it", async () => {
  Reflect.deleteProperty(globalThis, "order");
  Object.assign(globalThis, { order: [] });
  const program = new Program({ "input.ts": INPUT, "lazy.ts": "globalThis.order.push('lazy');\nexport const early = greet();\nexport function greet() { return 'old'; }\n" });
  await program.load("input.mjs");
  program.write({
    "words.ts": "globalThis.order.push('words');\nexport const word = 'new';\n",
    "lazy.ts": "import { word } from './words.js';\nglobalThis.order.push('lazy');\nexport const early = greet();\nexport function greet() { return word; }\n",
  });
  const result = await program.apply();
  expect(result).toMatchObject({ outcome: "applied", pending: ["app:src/lazy.ts"] });
  expect(globalThis).toMatchObject({ order: [] });
  expect((await program.load("lazy.mjs"))["early"]).toBe("new");
  expect(globalThis).toMatchObject({ order: ["words", "lazy"] });
  expect(status().modules.map(({ key, instances }) => [key, instances])).toEqual([["app:src/input.ts", 1], ["app:src/lazy.ts", 1], ["app:src/words.ts", 1]]);
  await rollback();
  expect((await program.load("lazy.mjs"))["greet"]()).toBe("old");
  await program.apply();
  expect((await program.load("lazy.mjs"))["greet"]()).toBe("new");
  expect(globalThis).toMatchObject({ order: ["words", "lazy"] });
});

test("a new module that fails when its host module comes leaves that as it was built", async () => {
  const program = new Program({ "input.ts": INPUT, "lazy.ts": "export function greet() { return 'old'; }\n" });
  await program.load("input.mjs");
  program.write({ "words.ts": "export const word = missing();\n", "lazy.ts": "import { word } from './words.js';\nexport function greet() { return word; }\n" });
  await expect(program.apply()).rejects.toThrow("HF1404");
  program.write({ "words.ts": "export const word = JSON.parse('{');\n" });
  await program.apply();
  expect((await program.load("lazy.mjs"))["greet"]()).toBe("old");
  expect(status().modules[1]?.failed).toMatchObject([{ code: "HF3028" }]);
});

test("what a new module needs must be loaded, and once", async () => {
  const program = new Program({ "input.ts": INPUT, "other.ts": "export const other = 1;\n" });
  const { run } = await program.load("input.mjs");
  program.write({ "new.ts": 'import { other } from "./other.js";\nexport const read = () => other;\n', "input.ts": using("read", "new", "return read();") });
  expect(codes(await program.apply())).toEqual(["HF2011"]);
  await program.load("other.mjs");
  await program.load("input.mjs", "?twice");
  expect(codes(await program.apply())).toEqual(["HF3029"]);
  expect(run()).toBe("base");
});

test("a module that moves keeps its state, and the functions that others hold are the host's", async () => {
  const text = (answer: string): string => `export const seen = [];\nexport function note(k) { seen.push(k); return ${answer}; }\n`;
  const program = new Program({ "input.ts": using("note", "log", "return note;"), "log.ts": text("seen.length") });
  const { run } = await program.load("input.mjs");
  const note = run();
  note("a");
  program.remove("log.ts");
  program.write({ "diary.ts": text("seen.join()"), "input.ts": using("note", "diary", "return note;") });
  expect(await program.apply()).toMatchObject({ outcome: "applied", functions: ["src/log.ts#note"] });
  expect([run() === note, note("b")]).toEqual([true, "a,b"]);
});
