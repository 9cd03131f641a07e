/** The rules, as ESLint and oxlint run them. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Linter, type ESLint } from "eslint";
import { afterAll, beforeAll, expect, test } from "vitest";
import plugin, { type RuleName } from "../../src/lint/plugin.ts";
import { makeStage, ROOT, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

// the plugin's own types are what ESLint takes
const asPlugin: ESLint.Plugin = plugin;

/** Stands for any parser: the rules look at the text, not at the linter's tree. */
const anyParser: Linter.Parser = {
  parseForESLint: (text) => {
    const lines = text.split("\n");
    const loc = { start: { line: 1, column: 0 }, end: { line: lines.length, column: lines.at(-1)?.length ?? 0 } };
    return { ast: { type: "Program", body: [], tokens: [], comments: [], sourceType: "module", range: [0, text.length], loc } };
  },
};

/** `HF1001 4:3`, for each problem. */
function lint(text: string, { rule = "patchable", file = "src/shop.ts", options = {}, settings = {} }: { readonly rule?: RuleName; readonly file?: string; readonly options?: object; readonly settings?: object } = {}): string[] {
  const config: Linter.Config = { files: ["**"], plugins: { "ts-hotfix": asPlugin }, rules: { [`ts-hotfix/${rule}`]: ["error", options] }, settings: { "ts-hotfix": settings }, ...(file.includes(".ts") ? { languageOptions: { parser: anyParser } } : {}) };
  return new Linter({ configType: "flat" }).verify(text, config, { filename: file }).map(({ message, line, column, endLine, endColumn }) => {
    expect(endLine).toBe(line);
    expect(endColumn).toBeGreaterThan(column);
    return `${message.slice(0, 6)} ${line}:${column}`;
  });
}

const PLAYER = `import { log } from "./log.js";
export function levelUp(player) {
  player.level += 1;
}
export class Player {
  level = 0;
  onHit = (n) => { this.level -= n; };
  constructor(name) {
    super_(name);
    this.name = name;
  }
  levelUp() { return levelUp(this); }
  async report() { await log(this.name, { level: this.level, tags: ["a", ...this.tags] }); }
  get title() { return this.name; }
  set title(name) { this.name = name; }
  static { log("made"); }
  heal(n) {
    this.level += n;
  }
  get strength() { return this.level * 2; }
  total() { return this.items.reduce((sum, each) => sum + each.price, 0); }
}
function super_(name) { return name; }
`;

test("logic in methods is marked, those that only hand on or store are not", () => {
  expect(lint(PLAYER, { file: "src/player.js" })).toEqual(["HF1005 7:11", "HF1001 17:7", "HF1002 20:15", "HF1001 21:8"]);
  expect(lint("class A {\n  constructor(n) {\n    this.n = n * 2;\n  }\n  static {\n    if (A.n) A.n = 1;\n  }\n}\n")).toEqual(["HF1003 2:14", "HF1004 5:3"]);
  expect(lint("export class A {\n  sell(n: number = price()): void {\n    award(n);\n  }\n}\nfunction award(n: number): void {}\nfunction price(): number { return 1; }\n")).toEqual(["HF1001 2:7"]);
  expect(lint("class A {\n  go(): void {\n    unknown(this);\n  }\n}\n")).toEqual(["HF1001 2:5"]);
});

test("bindings that hide a function, objects, callbacks at init, namespaces; what a target holds is patched with it", () => {
  expect(lint("export let award = (n: number) => n + 1;\nvar old = function () { return award(1); };\n")).toEqual(["HF1007 1:20", "HF1007 2:11"]);
  expect(lint("export const handlers = {\n  buy(n: number) {\n    return n * 2;\n  },\n  sell: award,\n  give: (n: number) => award(n),\n};\nfunction award(n: number) { return n; }\n")).toEqual(["HF1006 2:6"]);
  expect(lint("export const f = memoize((n: number) => n * 2);\napp.get('/', (request) => {\n  request.end(request.url + 1);\n});\napp.on('x', (request) => handle(request));\nfunction handle(r: unknown) {}\nnamespace N {\n  export function f(n: number) { return n * 2; }\n}\n")).toEqual(["HF1008 1:26", "HF1011 2:14", "HF1009 8:10"]);
  expect(lint("export function f(list: number[]) {\n  class Local { m(n: number) { return n * 2; } }\n  return list.map((n) => n * 2);\n}\nexport const g = async (n: number) => n * 2;\nexport default function () { return 1; }\n")).toEqual([]);
});

test("options: lift, tagged, settings; tags", () => {
  const text = "export class A {\n  m(n: number) {\n    return n * 2;\n  }\n}\nexport const o = { f(n: number) { return n * 2; } };\n";
  expect(lint(text)).toEqual(["HF1001 2:4", "HF1006 6:21"]);
  expect(lint(text, { options: { lift: true } })).toEqual([]);
  expect(lint(text, { settings: { lift: { objects: false } } })).toEqual(["HF1006 6:21"]);
  expect(lint(text, { settings: { lift: true }, options: { lift: false } })).toEqual(["HF1001 2:4", "HF1006 6:21"]);
  expect(lint("/** @nohotfix */\nexport function f() { return 1; }\nexport function g() { return 1; }\n", { options: { targets: "tagged" } })).toEqual([]);
  expect(lint("export class A {\n  /** @hotfix */\n  m() { return 1 + 1; }\n}\n")).toEqual(["HF0010 2:7", "HF1001 3:4"]);
  expect(() => lint(text, { options: { lifts: true } })).toThrow(/lifts/);
});

test("closures that live on, loops that never end, logic at the top level", () => {
  const text = "export function connect(s: any) {\n  s.on('trade', (n: number) => s.add(n * 2));\n}\nexport async function loop() {\n  for (;;) await tick();\n}\nasync function tick() {}\n";
  expect(lint(text, { rule: "live-code" })).toEqual(["HF1110 2:17", "HF1114 5:3"]);
  expect(lint("import { start } from './start';\nawait start(process.env.PORT);\nprocess.on('SIGINT', stop);\nstart(1).catch(report);\nif (process.env.DEBUG) start(2);\nfor (const each of list) each();\nnew Server(stop).open(1 + 1);\n", { rule: "init" })).toEqual(["HF1301 5:1", "HF1301 6:1", "HF1301 7:1"]);
});

test("files that are no modules of ours, and those that do not parse, are left to others", () => {
  expect(lint("class A { m() { return 1 + 1; } }", { file: "a.d.ts" })).toEqual([]);
  expect(lint("class A { m() { return 1 + ; } }", { file: "a.ts" })).toEqual([]);
  const vue = new Linter({ configType: "flat" }).verify("<script>class A { m() { return 1 + 1; } }</script>", { files: ["**"], plugins: { "ts-hotfix": asPlugin }, rules: { "ts-hotfix/patchable": "error" }, languageOptions: { parser: anyParser } }, { filename: "a.vue" });
  expect(vue).toEqual([]);
});

test("the recommended rules, with the text that a refusal would have", () => {
  const [problem, ...more] = new Linter({ configType: "flat" }).verify("export class Shop {\n  sell(n) {\n    return n * 2;\n  }\n}\n", [{ files: ["**"], ...(plugin.configs.recommended as Linter.Config) }], { filename: "shop.mjs" });
  expect(more).toEqual([]);
  expect(problem).toMatchObject({
    ruleId: "ts-hotfix/patchable", severity: 2,
    message: "HF1001: Updating the method `Shop.sell` requires a restart because a class is evaluated once and its methods are part of it. Move the body of `Shop.sell` into a top-level function (`shopSell`, say) and call it from the method; from the next build on it can be patched. Or build the host with the option `lift`, which does this for every method of a top-level class.",
  });
});

let stage: Stage;
beforeAll(() => {
  stage = makeStage("lint", { name: "game", type: "module" });
  writeFiles(stage.folder, {
    "src/shop.ts": "export class Shop {\n  sell(n: number): number {\n    return n * 2;\n  }\n}\n",
    ".oxlintrc.json": JSON.stringify({ jsPlugins: ["ts-hotfix/eslint-plugin"], categories: { correctness: "off" }, rules: { "ts-hotfix/patchable": ["error", { lift: false }] } }),
  });
});
afterAll(() => stage.remove());

test("oxlint takes the same plugin, by its name", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "node_modules", "oxlint", "bin", "oxlint"), "--format", "json", "src"], { cwd: stage.folder, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  expect(JSON.parse(stdout).diagnostics).toMatchObject([{ code: "ts-hotfix(patchable)", severity: "error", message: expect.stringMatching(/^HF1001: Updating the method `Shop\.sell`/), labels: [{ span: { line: 2, column: 7 } }] }]);
});
