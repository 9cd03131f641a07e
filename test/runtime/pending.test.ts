import diagnosticsChannel from "node:diagnostics_channel";
import { expect, onTestFinished, test } from "vitest";
import { codes, guarded, hotfix, load, patchOf, World } from "./world.ts";

const { apply, rollback, status } = hotfix;
const KEY = "app:src/lazy.ts";

const lazy = {
  names: "greet",
  body: `export const early = greet();\nexport ${guarded("greet", "", "return 'old';")}`,
};
const fix = { [KEY]: { functions: "greet", code: guarded("greet", "a, b", "return 'new';") } };

async function started(): Promise<World> {
  const world = new World();
  await world.host("main.mjs", { names: "", body: "" });
  return world;
}

test("a module that comes later is patched before its first statement", async () => {
  const world = await started();
  const result = await apply(patchOf(fix));
  expect(result).toMatchObject({ outcome: "applied", functions: [], pending: [KEY], notices: [{ code: "HF3102" }, { code: "HF3008" }] });
  expect(status()).toMatchObject({ pending: [KEY], modules: [{ key: KEY, instances: 0, pending: true }, { key: "app:src/main.ts" }] });

  const host = await world.host("lazy.mjs", lazy);
  expect(host["early"]).toBe("new");
  expect(host["greet"].length).toBe(2);
  expect(status()).toMatchObject({ pending: [], modules: [{ key: KEY, instances: 1, patched: ["src/lazy.ts#greet"] }, {}] });
  await rollback();
  expect(host["greet"]()).toBe("old");
  expect(host["greet"].length).toBe(0);
});

test("nothing is pending after a rollback", async () => {
  const world = await started();
  await apply(patchOf(fix));
  await rollback();
  expect(status().pending).toEqual([]);
  expect((await world.host("lazy.mjs", lazy))["early"]).toBe("old");
});

test("a patch may come before the first module", async () => {
  const world = new World();
  expect((await apply(patchOf(fix))).outcome).toBe("applied");
  expect((await world.host("lazy.mjs", lazy))["early"]).toBe("new");
});

test.each([
  ["another fingerprint", { ...lazy, fingerprint: "other" }, fix, "HF2004"],
  ["a missing name", lazy, { [KEY]: { ...fix[KEY], fixed: "gone" } }, "HF2005"],
  ["a factory that throws", lazy, { [KEY]: { ...fix[KEY], code: `${fix[KEY]?.code}\nthrow new Error("late");` } }, "HF2009"],
] as const)("a module that comes later with %s runs its own code, and that is told", async (_, module, patch, code) => {
  const world = await started();
  const told: unknown[] = [];
  const listener = (event: unknown): void => void told.push(event);
  diagnosticsChannel.subscribe("ts-hotfix:refuse", listener);
  onTestFinished(() => void diagnosticsChannel.unsubscribe("ts-hotfix:refuse", listener));
  const { patch: id } = await apply(patchOf(patch));

  const host = await world.host("lazy.mjs", module);
  expect(host["early"]).toBe("old");
  expect(status().modules[0]).toMatchObject({ key: KEY, instances: 1, patched: [], failed: [{ code }] });
  expect(told).toMatchObject([{ patch: id, module: KEY, diagnostics: [{ code }] }]);
});

test("variables a patch adds to a module that comes later are initialised at first use", async () => {
  const world = await started();
  Object.assign(globalThis, { initialised: 0 });
  await apply(patchOf({
    [KEY]: {
      functions: "greet", variables: "seen", fixed: "limit",
      code: `${guarded("greet", "", "return $s.seen;")}\nconst init_seen = () => { globalThis.initialised++; return $s.limit + 1; };`,
    },
  }));
  const { greet } = await world.host("lazy.mjs", { names: "greet limit", body: `export ${guarded("greet", "", "return 'old';")}\nconst limit = 4;` });
  expect(globalThis).toMatchObject({ initialised: 0 });
  expect([greet(), greet()]).toEqual([5, 5]);
  expect(globalThis).toMatchObject({ initialised: 1 });
});

test("all modules built for another build are told at once, and nothing is changed", async () => {
  const world = await started();
  const host = await world.host("lazy.mjs", { ...lazy, fingerprint: "other" });
  await world.host("more.mjs", { names: "f", body: guarded("f", "", "") });
  const result = await apply(patchOf({ ...fix, "app:src/more.ts": { functions: "f", fingerprint: "third", code: "function f() {}" } }));
  expect([result.outcome, ...codes(result)]).toEqual(["refused", "HF2004", "HF2004"]);
  expect(host["greet"]()).toBe("old");
  expect(status().state).toBe("base");
});

test("a host that loads a module while it is prepared gets that module patched too", async () => {
  const world = await started();
  world.write("node_modules/slow/package.json", JSON.stringify({ name: "slow", type: "module", exports: "./index.js" }));
  world.write("node_modules/slow/index.js", `import "../../lazy.mjs"; export default 1;`);
  world.writeHost("lazy.mjs", lazy);
  const result = await apply(patchOf({ [KEY]: { ...fix[KEY], code: fix[KEY]?.code ?? "", imports: [{ local: "slow", from: { kind: "package", specifier: "slow", imported: "default" } }] } }));
  expect(result).toMatchObject({ outcome: "applied", functions: ["src/lazy.ts#greet"], pending: [] });
  const { greet, early } = await load<Record<string, any>>(world.url("lazy.mjs"));
  expect([early, greet()]).toEqual(["old", "new"]);
});

test("a host that never rests is left alone", async () => {
  const world = await started();
  const { register } = await load<{ register: Function }>(new URL("../../src/runtime/module.ts", import.meta.url));
  const { faults } = await import("./world.ts");
  faults.hook = (point) => {
    if (point === "prepare:import") register(`app:src/${Math.random()}.ts`, "fp", {}, () => ({}));
  };
  const result = await apply(patchOf(fix));
  expect([result.outcome, ...codes(result)]).toEqual(["refused", "HF3006"]);
  void world;
});

test("a patch for another program is refused", async () => {
  const world = new World();
  await world.host("main.mjs", { names: "", body: "", key: "mail:src/main.ts" });
  expect(codes(await apply(patchOf(fix)))).toEqual(["HF2012"]);
});

test("a patch that imports from a host module which is not loaded is refused", async () => {
  const world = await started();
  await world.host("lazy.mjs", lazy);
  const from = { kind: "host", key: "app:src/never.ts", name: "x", fixed: true } as const;
  const result = await apply(patchOf({ [KEY]: { functions: "greet", code: fix[KEY]?.code ?? "", imports: [{ local: "x", from }] } }));
  expect(codes(result)).toEqual(["HF2011"]);
});
