/** What patches leave behind when they are gone: nothing. In a process of its own, with the garbage collector at hand. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { guarded, patchOf, SOURCES, World } from "../world.ts";

const CYCLES = 1000;
const FAILURES = 500;
/** Half of what there would be if one kilobyte stayed of each. */
const BOUND_KB = 500;
const SALT = "424242";

const shop = {
  names: "award double",
  body: `export ${guarded("award", "", "return 'old ' + double(1);")}\nexport ${guarded("double", "n", "return n * 2;")}`,
};

const payload = patchOf({
  "app:src/shop.ts": {
    functions: "award double +extra@1", variables: "=hits@1", fixed: "award",
    code: `${guarded("award", "a, b", `$s.hits++; return ${SALT};`)} ${guarded("double", "", `return '${"x".repeat(1000)}'.length + ${SALT};`)} ${guarded("extra", "", "return 1;")}\nconst init_hits = () => 0;`,
  },
});

const program = `import { readFileSync } from "node:fs";
import { award } from "./shop.mjs";
const { apply, rollback, status } = await import(${JSON.stringify(new URL("runtime/index.ts", SOURCES).href)});
const { faults } = await import(${JSON.stringify(new URL("runtime/fault.ts", SOURCES).href)});
const text = readFileSync("payload.json", "utf8");
let sequence = 0;
const next = () => JSON.parse(text.replaceAll("${SALT}", String(500000 + ++sequence)));
const demand = ({ outcome, diagnostics }, expected) => { if (outcome !== expected) throw new Error(outcome + JSON.stringify(diagnostics)); };
const cycle = async () => {
  demand(await apply(next()), "applied");
  if (award() !== 500000 + sequence) throw new Error("not patched");
  demand(await rollback(), "rolled-back");
};
// at each of its points in turn, the first and the last included
let points = 1;
const failure = async () => {
  let passed = 0;
  faults.hook = () => { if (passed++ === sequence % points) throw new Error("fault"); };
  demand(await apply(next()), "failed");
  faults.hook = undefined;
};
const settled = async () => {
  for (let i = 0; i < 5; i++) { gc(); await new Promise((done) => setTimeout(done, 10)); }
  return process.memoryUsage().heapUsed;
};
const growth = async (times, step) => {
  const before = await settled();
  for (let i = 0; i < times; i++) {
    await step();
    // what is weakly held stays for a turn of the event loop
    await new Promise((done) => setImmediate(done));
  }
  return ((await settled()) - before) / 1024;
};
faults.hook = () => void points++;
await cycle();
points = Math.floor(points / 2);
faults.hook = undefined;
await growth(300, cycle);
const cycles = await growth(${CYCLES}, cycle);
await growth(100, failure);
const failures = await growth(${FAILURES}, failure);
console.log(JSON.stringify({ cycles, failures, state: status().state, answer: award() }));`;

test(`${CYCLES} different patches, applied and rolled back, and ${FAILURES} that fail, leave nothing on the heap`, { timeout: 180_000 }, async () => {
  const world = new World();
  world.writeHost("shop.mjs", shop);
  world.write("payload.json", JSON.stringify(payload));
  world.write("main.mjs", program);
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", "--no-compilation-cache", "main.mjs"], { cwd: world.folder, timeout: 170_000 });
  const { cycles, failures, ...rest } = JSON.parse(stdout) as { cycles: number; failures: number };
  expect(rest).toEqual({ state: "base", answer: "old 2" });
  expect(cycles).toBeLessThan(BOUND_KB);
  expect(failures).toBeLessThan(BOUND_KB / 2);
});
