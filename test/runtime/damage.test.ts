/** Whatever happens to a process or its files, the next start is clean. */
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { built, fix, Program, SAYS, SHOP, type Said } from "./program.ts";
import { hotfix, World } from "./world.ts";

// starts are not over while these tests run
process.env["TS_HOTFIX_BOOT_TIME"] = "600";

type Warning = Error & { readonly code?: string };

/** A state directory whose active patch is 2 and whose earlier one is 1. */
async function soundDirectory(): Promise<string> {
  const world = new World();
  await world.host("shop.mjs", SHOP);
  hotfix.configure({ stateDir: world.path("state") });
  await hotfix.apply(fix(1));
  await hotfix.apply(fix(2));
  return world.path("state");
}

/** What a program that starts with the directory says, and is warned of. */
async function startWith(directory: string): Promise<{ readonly award: string; readonly atHand: number; readonly codes: readonly (string | undefined)[] }> {
  const world = new World();
  const host = await world.host("shop.mjs", SHOP);
  const warnings: Warning[] = [];
  const listener = (warning: Warning): void => void warnings.push(warning);
  process.on("warning", listener);
  hotfix.configure({ stateDir: directory });
  await new Promise((done) => setImmediate(done));
  process.off("warning", listener);
  return { award: (host["award"] as () => string)(), atHand: hotfix.status().atHand.length, codes: warnings.filter(({ name }) => name === "HotfixWarning").map(({ code }) => code) };
}

function filesOf(directory: string): { readonly state: string; readonly active: string; readonly other: string } {
  const state = join(directory, "state.json");
  const { active, other } = JSON.parse(readFileSync(state, "utf8").slice(65)) as Record<string, { id: string }>;
  return { state, active: join(directory, "patches", `${active?.["id"]}.hotfix`), other: join(directory, "patches", `${other?.["id"]}.hotfix`) };
}

type Damage = (path: string) => void;

const flip = (at: number, bit: number): Damage => (path) => {
  const bytes = readFileSync(path);
  const index = Math.floor(at * bytes.byteLength);
  bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
  writeFileSync(path, bytes);
};

const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.integer({ min: 0, max: 7 })).map(([at, bit]) => flip(at, bit)),
  fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }).map((at): Damage => (path) => truncateSync(path, Math.floor(at * readFileSync(path).byteLength))),
  fc.uint8Array({ maxLength: 200 }).map((bytes): Damage => (path) => writeFileSync(path, bytes)),
  fc.constant<Damage>((path) => rmSync(path)),
);

test("damage of any kind leads to the base, with a notice, and is kept for the operator (HF3060, HF3067)", async () => {
  process.setMaxListeners(0);
  const sound = await soundDirectory();
  expect(await startWith(sound)).toEqual({ award: "new 2", atHand: 2, codes: [] });
  let run = 0;
  await fc.assert(fc.asyncProperty(fc.constantFrom("state", "active", "other"), damages, async (which, damage) => {
    const directory = `${sound}-${run++}`;
    cpSync(sound, directory, { recursive: true });
    damage(filesOf(directory)[which]);
    const isStateGone = !readdirSync(directory).includes("state.json");
    const found = await startWith(directory);
    if (isStateGone) expect(found).toEqual({ award: "old", atHand: 0, codes: [] });
    else if (which === "other") expect(found).toEqual({ award: "new 2", atHand: 1, codes: ["HF3067"] });
    else {
      expect(found).toEqual({ award: "old", atHand: 0, codes: ["HF3060"] });
      const [aside = ""] = readdirSync(join(directory, "set-aside"));
      expect(readdirSync(join(directory, "set-aside", aside))).toContain("state.json");
      expect(await startWith(directory)).toEqual({ award: "old", atHand: 0, codes: [] });
    }
    rmSync(directory, { recursive: true });
  }), { numRuns: Number(process.env["RUNS"] ?? 150) });
}, 60_000);

test("a later patch is written as if nothing had been", async () => {
  const directory = await soundDirectory();
  flip(0.5, 1)(filesOf(directory).state);
  await startWith(directory);
  expect((await hotfix.apply(fix(3))).outcome).toBe("applied");
  expect(await startWith(directory)).toEqual({ award: "new 3", atHand: 1, codes: [] });
});

/** Applies and rolls back without end, and says where it is after each. */
const RESTLESS = `
const files = JSON.parse(process.env.FILES);
const said = (message) => new Promise((done) => process.send(message, done));
await said({ first: shop.first, now: shop.award() });
for (let step = 0; ; step++) {
  if (step % 3 === 2) await hotfix.rollback({ to: step % 2 ? "base" : "previous" });
  else await hotfix.apply(files[step % 3]);
  await said({ step, now: shop.award() });
  await new Promise((done) => setTimeout(done, 10));
}`;

/** Starts and kills a program until it has been killed often enough; checks what every start finds. */
async function killOften(times: number, seed: number): Promise<readonly string[]> {
  const random = fc.sample(fc.double({ min: 0, max: 1, noNaN: true }), { numRuns: 2 * times, seed });
  const program = new Program();
  const big = `const filler = ${JSON.stringify("x".repeat(200_000))};`;
  program.env["FILES"] = JSON.stringify([program.write("1.hotfix", fix(1)), program.write("2.hotfix", fix(1, { code: `${big} function award() { return 'big'; }` }))]);
  program.main(RESTLESS);
  const firsts: string[] = [];
  let last = "old";
  for (let time = 0; time < times; time++) {
    const { child, end, stderr } = program.launch();
    const said: string[] = [];
    let first: string | undefined;
    const [steps = 0, delay = 0] = [Math.floor(5 * (random[2 * time] ?? 0)), random[2 * time + 1]];
    const isAway = new Promise<void>((done) => {
      child.once("exit", () => done());
      child.on("message", (message: { first?: string; now: string }) => {
        if (message.first !== undefined) first = message.first;
        if (said.push(message.now) > steps) done();
      });
    });
    // one in five while it starts, the others after some steps
    if (time % 5 !== 4) await isAway;
    await new Promise((done) => setTimeout(done, delay * (time % 5 === 4 ? 250 : 20)));
    await end("SIGKILL");
    expect(stderr()).not.toMatch(/HF3060|HF3061|HF3062|HF3067|Error/);
    if (first === undefined) continue; // killed before it could say
    // it comes up with what it said last, or with what it was about to do then
    const next: Record<string, readonly string[]> = { old: ["old", "new 1", "big"], "new 1": ["new 1", "big", "old"], big: ["big", "new 1", "old"] };
    expect(stderr().includes("HF3064") ? ["old"] : next[last], `life ${time}`).toContain(first);
    firsts.push(first);
    last = said.at(-1) ?? first;
  }
  return firsts;
}

test("a process killed at any step of writing leaves the old state or the new one", async () => {
  const program = new Program();
  const [one, two] = [program.write("1.hotfix", fix(1)), program.write("2.hotfix", fix(2))].map((path) => JSON.stringify(path));
  program.main(`import { faults } from ${JSON.stringify(built("runtime/fault.js"))};
const killAt = (step) => { let passed = 0; faults.hook = (point) => { if (point.startsWith("durable:") && passed++ === step) process.kill(process.pid, "SIGKILL"); }; };`);
  const found: unknown[] = [];
  for (let step = 0; step < 7; step++) {
    const running = await program.start();
    await running.ask(`hotfix.rollback().then(() => hotfix.apply(${one}))`);
    const survived = await running.ask(`(killAt(${step}), hotfix.apply(${two}).then(({ outcome, notices }) => outcome + notices.length))`).catch(() => "killed");
    await running.end();
    const { value, stderr } = await program.live("shop.first");
    expect(stderr).not.toContain("HF3060");
    found.push([survived, value]);
    for (const folder of ["", "patches"]) expect(readdirSync(join(program.directory, folder)).filter((name) => name.startsWith("."))).toEqual([]);
    rmSync(program.directory, { recursive: true });
  }
  // three steps for the patch's file, three for the state
  const killed = (state: string): unknown => ["killed", state];
  expect(found).toEqual([killed("new 1"), killed("new 1"), killed("new 1"), killed("new 1"), killed("new 1"), killed("new 2"), ["applied0", "new 2"]]);
});

test("kill -9 at 100 random moments: every start is clean and on a version that was in place", async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 1e9);
  const firsts = (await Promise.all([killOften(50, seed), killOften(50, seed + 1)])).flat();
  expect(firsts.length).toBeGreaterThanOrEqual(80);
  expect(new Set(firsts).size, "versions found").toBeGreaterThan(1);
  const program = new Program();
  expect((await program.live<Said>(SAYS)).value).toMatchObject(["old", "old", {}]);
}, 120_000);
