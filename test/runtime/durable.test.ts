/** What a process with a state directory comes up with after a restart. */
import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makeKeyPair, readSigningKey } from "../../src/patch/keys.ts";
import { encodePatch } from "../../src/patch/file.ts";
import { built, fix, KEY, Program, RUNTIME, SAYS, SHOP, until, type Said } from "./program.ts";
import { guarded, patchOf } from "./world.ts";


async function applied(program: Program, ...patches: readonly ReturnType<typeof fix>[]): Promise<void> {
  const running = await program.start();
  for (const [index, patch] of patches.entries()) {
    expect(await running.ask(`hotfix.apply(${JSON.stringify(program.write(`fix-${index}.hotfix`, patch))}, { by: "ann" })`)).toMatchObject({ outcome: "applied", notices: index === 0 ? [{ code: "HF3102" }] : [] });
  }
  await running.end();
}

const withPackage = (top: string): [Program, ReturnType<typeof fix>] => {
  const program = new Program();
  program.world.write("node_modules/extra/package.json", JSON.stringify({ name: "extra", type: "module", exports: "./index.js" }));
  program.world.write("node_modules/extra/index.js", `${top} export const word = "extra";`);
  const imports = [{ local: "word", from: { kind: "package", specifier: "extra", imported: "word" } }] as const;
  return [program, fix(1, { imports, code: guarded("award", "", "return $s.word;") })];
};

test("the active patch is in place before the first target is called, and rollback leads where it led", async () => {
  const program = new Program();
  expect((await program.live<Said>(SAYS)).value).toMatchObject(["old", "old", { state: "base", stateDirectory: program.directory }]);
  await applied(program, fix(1), fix(2));
  const { value: [first, now, status] } = await program.live<Said>(SAYS);
  expect([first, now]).toEqual(["new 2", "new 2"]);
  expect(status).toMatchObject({ sequence: 2, history: [{ operation: "boot", outcome: "applied" }] });
  expect(status.atHand).toHaveLength(2);
  expect((await program.live(`hotfix.rollback({ to: "previous" }).then(({ outcome }) => [outcome, shop.award()])`)).value).toEqual(["rolled-back", "new 1"]);
  expect((await program.live<Said>(SAYS)).value).toMatchObject(["new 1", "new 1", {}]);
  expect((await program.live("hotfix.rollback().then(({ outcome }) => [outcome, shop.award()])")).value).toEqual(["rolled-back", "old"]);
  expect((await program.live<Said>(SAYS)).value).toMatchObject(["old", "old", { state: "base" }]);
  expect(program.history().map(({ operation, outcome, by }) => [operation, outcome, by])).toEqual([
    ["apply", "applied", "ann"], ["apply", "applied", "ann"], ["boot", "applied", undefined], ["boot", "applied", undefined], ["rollback", "rolled-back", undefined],
    ["boot", "applied", undefined], ["boot", "applied", undefined], ["rollback", "rolled-back", undefined],
  ]);
});

test("in CommonJS too, and with configure()", async () => {
  const program = new Program();
  await applied(program, fix(1));
  program.host("shop.cjs", { ...SHOP, body: SHOP.body.replaceAll("export ", "") + "\nexports.award = award; exports.first = first;" });
  program.world.write("main.cjs", `const shop = require("./shop.cjs"); const hotfix = require(${JSON.stringify(built("runtime/index.js"))});
process.on("message", ({ id, expression }) => process.send({ id, value: eval(expression) })); process.send("ready");`);
  expect((await program.live<Said>(SAYS, "main.cjs")).value).toMatchObject(["new 1", "new 1", {}]);
  delete program.env["TS_HOTFIX_STATE_DIR"];
  expect((await program.live<Said>(SAYS)).value).toMatchObject(["old", "old", { stateDirectory: null }]);
  program.main(`hotfix.configure({ stateDir: "state" }); hotfix.configure({ stateDir: ${JSON.stringify(program.directory)} });`);
  expect((await program.live<Said>(SAYS)).value).toMatchObject(["old", "new 1", { stateDirectory: program.directory }]);
  program.env["TS_HOTFIX_STATE_DIR"] = program.world.path("another");
  await expect(program.start()).rejects.toThrow("HF3071");
  program.main("hotfix.configure({ stateDir: 5 });");
  await expect(program.start()).rejects.toThrow("HF3002");
});

test("nothing of it is for other users", async () => {
  const program = new Program();
  await applied(program, fix(1));
  const modes = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => [
    `${entry.isDirectory() ? "folder" : "file"} ${(statSync(`${folder}/${entry.name}`).mode & 0o777).toString(8)}`, ...(entry.isDirectory() ? modes(`${folder}/${entry.name}`) : []),
  ]);
  expect(new Set([`folder ${(statSync(program.directory).mode & 0o777).toString(8)}`, ...modes(program.directory)])).toEqual(new Set(["folder 700", "file 600"]));
});

test("a directory that others may write, or that is none, is not used (HF3061)", async () => {
  const program = new Program();
  await applied(program, fix(1));
  chmodSync(program.directory, 0o770);
  const { value, stderr } = await program.live<Said>(SAYS);
  expect(value).toMatchObject(["old", "old", { stateDirectory: null }]);
  expect(stderr).toMatch(/\[HF3061\].*mode 770/);
  program.env["TS_HOTFIX_STATE_DIR"] = program.world.write("file", "");
  expect((await program.live(SAYS)).stderr).toContain("HF3061");
});

test("what cannot be written is told, stands, and is written by the next try (HF3062)", async () => {
  const program = new Program();
  const path = JSON.stringify(program.write("fix.hotfix", fix(1)));
  const running = await program.start();
  rmSync(`${program.directory}/patches`, { recursive: true });
  writeFileSync(`${program.directory}/patches`, "");
  expect(await running.ask(`hotfix.apply(${path})`)).toMatchObject({ outcome: "applied", notices: [{ code: "HF3102" }, { code: "HF3062" }] });
  rmSync(`${program.directory}/patches`);
  mkdirSync(`${program.directory}/patches`);
  expect(await running.ask(`hotfix.apply(${path})`)).toMatchObject({ outcome: "unchanged", notices: [] });
  await running.end("SIGKILL");
  expect((await program.live<Said>(SAYS)).value[0]).toBe("new 1");
});

test("an operator's word counts more than what comes late at the start", async () => {
  const [program, patch] = withPackage("await new Promise((done) => setTimeout(done, 300));");
  await applied(program, patch);
  const path = JSON.stringify(program.write("second.hotfix", fix(2)));
  // busy until the patch of the start is in place, or has given way
  program.main(`const late = async (act) => { let result; do { await new Promise((done) => setTimeout(done, 20)); result = await act(); } while (result.outcome === "refused"); await new Promise((done) => setTimeout(done, 700)); return [shop.award(), hotfix.status().state]; };`);
  expect((await program.live<string[]>(`late(() => hotfix.apply(${path}))`)).value[0]).toBe("new 2");
  expect((await program.live("shop.first")).value).toBe("new 2");
});

test("a file is never written over", async () => {
  const program = new Program();
  await applied(program, fix(1));
  const before = statSync(`${program.directory}/state.json`).ino;
  const running = await program.start();
  const held = openSync(`${program.directory}/state.json`, "r");
  await running.ask(`hotfix.apply(${JSON.stringify(program.write("second.hotfix", fix(2)))})`);
  expect([fstatSync(held).ino, statSync(`${program.directory}/state.json`).ino !== before]).toEqual([before, true]);
  closeSync(held);
});

test("history has every operation, refused ones too, and goes on after a torn line", async () => {
  const program = new Program();
  await applied(program, fix(2));
  writeFileSync(`${program.directory}/history.jsonl`, '{"at":"2026-', { flag: "a" });
  const keys = makeKeyPair();
  const running = await program.start();
  await running.ask(`hotfix.apply(${JSON.stringify(program.write("older.hotfix", fix(1)))}, { by: "bob" })`);
  const signed = program.world.write("signed.hotfix", Buffer.from(encodePatch(fix(3), [readSigningKey(keys.privateKey, "test")])).toString("utf8"));
  await running.ask(`hotfix.apply(${JSON.stringify(signed)})`);
  await running.end();
  const lines = program.world.path("state/history.jsonl");
  const texts = readFileSync(lines, "utf8").split("\n");
  expect(texts.filter((text) => text === '{"at":"2026-')).toHaveLength(1);
  const entries = texts.filter((text) => text !== "" && text !== '{"at":"2026-').map((text) => JSON.parse(text) as unknown);
  expect(entries).toMatchObject([
    { operation: "apply", outcome: "applied", codes: [] },
    { operation: "boot", outcome: "applied" },
    { operation: "apply", outcome: "refused", by: "bob", codes: ["HF3003"], pid: running.child.pid },
    { operation: "apply", outcome: "applied", signedBy: [keys.fingerprint], at: expect.stringMatching(/^\d{4}-/) },
  ]);
});

test("another build is left alone, wholly: the patch goes from all modules before the one that differs runs (HF3063)", async () => {
  const program = new Program();
  program.host("bank.mjs", { names: "pay first", body: `export ${guarded("pay", "", "return 'old';")}\nexport const first = pay();` });
  program.main(`const bank = await import("./bank.mjs");`);
  const both = patchOf({
    [KEY]: { functions: "award", code: guarded("award", "", "return 'new';") },
    "app:src/bank.ts": { functions: "pay", code: guarded("pay", "", "return 'new';") },
  });
  await applied(program, both);
  expect((await program.live("[shop.first, bank.first]")).value).toEqual(["new", "new"]);
  program.host("bank.mjs", { fingerprint: "fp2", names: "pay first", body: `export ${guarded("pay", "", "return 'other';")}\nexport const first = pay();` });
  const { value, stderr } = await program.live<[string, string, string, Said[2]]>("[shop.award(), bank.first, bank.pay(), hotfix.status()]");
  expect(value).toMatchObject(["old", "other", "other", { state: "base", history: [{ operation: "boot", outcome: "applied" }, { operation: "boot", outcome: "set-aside", codes: ["HF3063"] }] }]);
  expect(stderr).toMatch(/\[HF3063\].*app:src\/bank\.ts is not as it was/);
  expect(program.aside()).toHaveLength(1);
  expect((await program.live<string>("shop.first")).value).toBe("old");
  expect(program.history().at(-1)).toMatchObject({ operation: "boot", outcome: "set-aside", reason: expect.stringContaining("bank") });
});

test("a module that the patch does not touch tells another build too", async () => {
  const program = new Program();
  program.host("other.mjs", { names: "f", body: guarded("f", "", "") });
  program.main(`import "./other.mjs";`);
  await applied(program, fix(1));
  program.host("other.mjs", { names: "f", fingerprint: "fp2", body: guarded("f", "", "") });
  expect((await program.live("shop.award()")).value).toBe("old");
  expect(program.aside()).toHaveLength(1);
});

test("a process of another build leaves the patch to one that uses it, and a program of another kind comes to the base", async () => {
  const program = new Program();
  await applied(program, fix(1));
  const server = await program.start();
  program.host("shop.mjs", { ...SHOP, fingerprint: "fp2" });
  const { value, stderr } = await program.live<Said>(SAYS);
  expect(value).toMatchObject(["old", "old", { state: "base" }]);
  expect(stderr).toMatch(new RegExp(`HF3063.*which process ${server.child.pid} uses too`));
  expect(program.aside()).toEqual([]);
  expect(await server.ask("shop.award()")).toBe("new 1");
  await server.end();
  program.host("shop.mjs", SHOP);
  expect((await program.live("shop.first")).value).toBe("new 1");
  program.host("tool.mjs", { key: "tool:src/tool.ts", names: "f", body: "" });
  program.env["TS_HOTFIX_BOOT_TIME"] = "0.2";
  program.world.write("tool-main.mjs", `import "./tool.mjs"; import * as hotfix from ${RUNTIME};
setTimeout(() => process.send("ready"), 600); process.on("message", ({ id, expression }) => process.send({ id, value: eval(expression) }));`);
  expect((await program.live("hotfix.status()", "tool-main.mjs")).value).toMatchObject({ state: "base", history: [{}, { outcome: "set-aside" }] });
});

test("a patch that two processes died with at their start is not put in place a third time (HF3064)", async () => {
  const program = new Program();
  await applied(program, fix(1));
  program.main("if (shop.award() === 'new 1' && process.env.CRASH) throw new Error('crash');");
  program.env["CRASH"] = "yes";
  await expect(program.start()).rejects.toThrow("crash");
  await expect(program.start()).rejects.toThrow("crash");
  const { value, stderr } = await program.live<Said>(SAYS);
  expect(value).toMatchObject(["old", "old", { state: "base", history: [{ outcome: "set-aside", codes: ["HF3064"] }] }]);
  expect(stderr).toMatch(/HF3064.*2 processes/);
  expect(program.aside()).toHaveLength(1);
  expect((await program.live<Said>(SAYS)).value[0]).toBe("old");
});

test("crashes are held against a patch only as long as it is in place", async () => {
  const program = new Program();
  program.main("if (shop.first === 'new 1' && process.env.CRASH) throw new Error('crash');");
  const other = await program.start();
  const apply = async (sequence: number): Promise<unknown> => await other.ask(`hotfix.apply(${JSON.stringify(program.write(`fix-${sequence}.hotfix`, fix(sequence)))})`);
  await apply(1);
  const crash = async (): Promise<void> => {
    program.env["CRASH"] = "yes";
    await expect(program.start()).rejects.toThrow("crash");
    delete program.env["CRASH"];
  };
  await crash();
  await apply(2);
  await other.ask('hotfix.rollback({ to: "previous" })');
  await crash();
  expect((await program.live<Said>(SAYS)).value).toMatchObject(["new 1", "new 1", {}]);
  await other.end();
});

test("a process that names its directory only when a patch is in place is entered there, too", async () => {
  const program = new Program();
  delete program.env["TS_HOTFIX_STATE_DIR"];
  const running = await program.start();
  expect(await running.ask(`hotfix.apply(${JSON.stringify(program.write("fix-1.hotfix", fix(1)))})`)).toMatchObject({ outcome: "applied" });
  await running.ask(`hotfix.configure({ stateDir: ${JSON.stringify(program.directory)} })`);
  expect(readdirSync(`${program.directory}/processes`)).toEqual([expect.stringMatching(new RegExp(`^${running.child.pid}\\b`))]);
  await expect.poll(() => readdirSync(program.directory)).toContain("state.json");
  await running.end();
  expect(readdirSync(`${program.directory}/processes`)).toEqual([]);
  program.env["TS_HOTFIX_STATE_DIR"] = program.directory;
  expect((await program.live<Said>(SAYS)).value).toMatchObject(["new 1", "new 1", {}]);
});

test("starts that came to their end are not held against the patch", async () => {
  const program = new Program();
  await applied(program, fix(1));
  for (let life = 0; life < 3; life++) expect((await program.live("shop.first")).value).toBe("new 1"); // exit code 0
  program.env["TS_HOTFIX_BOOT_TIME"] = "0.1";
  for (let life = 0; life < 3; life++) {
    const running = await program.start();
    expect(await running.ask("new Promise((done) => setTimeout(done, 400, shop.first))")).toBe("new 1");
    await running.end("SIGKILL");
  }
  // a start is not over while init runs
  program.main("void hotfix.runInit();");
  program.host("shop.mjs", { ...SHOP, body: `${SHOP.body}\n$init.defer(() => new Promise(() => {}));` });
  for (let life = 0; life < 2; life++) {
    const running = await program.start();
    expect(await running.ask("new Promise((done) => setTimeout(done, 400, shop.first))")).toBe("new 1");
    await running.end("SIGKILL");
  }
  expect((await program.live("shop.first")).value).toBe("old");
});

test("trust is that of now: what the variable says, and configure() later (HF3065)", async () => {
  const program = new Program();
  await applied(program, fix(1));
  const { publicKey, fingerprint } = makeKeyPair();
  program.env["TS_HOTFIX_TRUSTED_KEYS"] = fingerprint;
  const { value, stderr } = await program.live<Said>(SAYS);
  expect(value).toMatchObject(["old", "old", { state: "base", history: [{ outcome: "refused", codes: ["HF3065", "HF2202"] }] }]);
  expect(stderr).toContain("HF3065");
  delete program.env["TS_HOTFIX_TRUSTED_KEYS"];
  program.main(`hotfix.configure({ trustedKeys: [${JSON.stringify(publicKey)}] });`);
  expect((await program.live<Said>(SAYS)).value).toMatchObject(["new 1", "old", { state: "base" }]);
  program.main();
  expect((await program.live<Said>(SAYS)).value[0]).toBe("new 1");
});

test("worker threads come up with it, and go with it", async () => {
  const program = new Program();
  await applied(program, fix(1));
  program.main(`import { Worker } from "node:worker_threads";
const inThread = () => new Promise((done) => new Worker('import("./shop.mjs").then((shop) => require("node:worker_threads").parentPort.postMessage([shop.first, shop.award()]))', { eval: true }).on("message", done));`);
  program.world.write("package.json", "{}");
  const running = await program.start();
  expect(await running.ask("inThread()")).toEqual(["new 1", "new 1"]);
  expect(await running.ask("hotfix.rollback().then(inThread)")).toEqual(["old", "old"]);
});

test("packages of the patch are there from the beginning", async () => {
  const [program, patch] = withPackage("");
  await applied(program, patch);

  expect((await program.live<Said>(SAYS)).value).toMatchObject(["extra", "extra", {}]);
  rmSync(program.world.path("node_modules"), { recursive: true });
  const { value, stderr } = await program.live<Said>("new Promise((done) => setTimeout(() => done([shop.first, shop.award(), hotfix.status()]), 200))");
  expect(value).toMatchObject(["old", "old", { state: "base" }]);
  expect(stderr).toMatch(/HF3065.*extra/);
});

test("a package with top-level await needs --import ts-hotfix/boot, or comes a little later (HF3066)", async () => {
  const [program, patch] = withPackage("await 1;");
  await applied(program, patch);
  const later = await program.live(until("extra"));
  expect(later.value).toEqual(["old", "extra"]);
  expect(later.stderr).toContain("HF3066");
  const boot = ["--import", built("runtime/boot.js")];
  const early = await program.live<Said>(SAYS, undefined, boot);
  expect(early.value).toMatchObject(["extra", "extra", {}]);
  expect(early.stderr).not.toContain("HF3066");
  program.host("shop.mjs", { ...SHOP, fingerprint: "fp2" });
  expect((await program.live<Said>(SAYS, undefined, boot)).value).toMatchObject(["old", "old", { state: "base" }]);
});

test("a patch whose new module needs a module that comes later is put in place when that is there (HF3066)", async () => {
  const program = new Program();
  program.host("bank.mjs", { names: "pay", body: `export function pay() { return "paid"; }` });
  program.main(`await new Promise((done) => setTimeout(done, 50)); await import("./bank.mjs");`);
  const pay = [{ local: "pay", from: { kind: "host", key: "app:src/bank.ts", name: "pay", fixed: true } }] as const;
  const extra = [{ local: "extra", from: { kind: "added", key: "app:src/extra.ts", name: "extra" } }] as const;
  await applied(program, patchOf({
    "app:src/extra.ts": { origin: "new", loads: "app:src/bank.ts", functions: "+extra@1", imports: pay, code: guarded("extra", "", "return $s.pay() + ' more';") },
    [KEY]: { functions: "award", loads: "app:src/extra.ts", imports: extra, code: guarded("award", "", "return $s.extra();") },
  }));
  const { value, stderr } = await program.live(until("paid more"));
  expect(value).toEqual(["old", "paid more"]);
  expect(stderr).toContain("HF3066");
  expect(program.aside()).toEqual([]);
});

test("a patch whose code fails at the start goes from all modules, and stays for the next (HF3065)", async () => {
  const program = new Program();
  program.host("bank.mjs", { names: "pay first", body: `export ${guarded("pay", "", "return 'old';")}\nexport const first = pay();` });
  program.main(`const bank = await import("./bank.mjs");`);
  await applied(program, patchOf({
    "app:src/extra.ts": { origin: "new", variables: "v@1", code: "const init_v = () => { if (process.env.FAIL) throw new Error('no'); return 1; };" },
    [KEY]: { functions: "award", code: guarded("award", "", "return 'new';") },
    "app:src/bank.ts": { functions: "pay", loads: "app:src/extra.ts", code: guarded("pay", "", "return 'new';") },
  }));
  program.env["FAIL"] = "yes";
  const { value, stderr } = await program.live("[shop.award(), bank.pay(), hotfix.status().state]");
  expect(value).toEqual(["old", "old", "base"]);
  expect(stderr).toMatch(/HF3065.*app:src\/extra\.ts.*failed while it was evaluated: no/);
  delete program.env["FAIL"];
  expect((await program.live("[shop.first, bank.first]")).value).toEqual(["new", "new"]);
});

test("libraries of one name in two versions are no other build", async () => {
  const program = new Program();
  program.host("one.mjs", { key: "lib:x.ts", fingerprint: "1", names: "", body: "" });
  program.host("two.mjs", { key: "lib:x.ts", fingerprint: "2", names: "", body: "" });
  program.main(`import "./one.mjs"; import "./two.mjs";`);
  await applied(program, fix(1));
  expect((await program.live("shop.first")).value).toBe("new 1");
});

test("processes that share the directory all come up with what the last operation led to", async () => {
  const program = new Program();
  await applied(program, fix(1));
  const crew = await Promise.all([program.start(), program.start(), program.start()]);
  expect(await Promise.all(crew.map(({ ask }) => ask("shop.first")))).toEqual(Array(3).fill("new 1"));
  const path = JSON.stringify(program.write("second.hotfix", fix(2)));
  expect(await Promise.all(crew.map(({ ask }) => ask(`hotfix.apply(${path}).then(({ outcome, notices }) => [outcome, notices.map(({ code }) => code)])`)))).toEqual(crew.map(() => ["applied", ["HF3102"]]));
  for (const { end } of crew) await end("SIGKILL");
  expect((await program.live("shop.first")).value).toBe("new 2");
});
