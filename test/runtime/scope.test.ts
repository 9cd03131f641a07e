import { describe, expect, test } from "vitest";
import { codes, guarded, hotfix, load, MODULE_URL, patchOf, turn, World } from "./world.ts";

const { apply, rollback, status } = hotfix;
const KEY = "app:src/shop.ts";

/** Lets a test look at the scope object from inside the patch. */
const expose = "function show(k) { if ($t.$show !== undefined) return $t.$show.apply(this, arguments); return $s; }";
const host = { names: "show =count limit later Shelf", body: `${guarded("show", "", "")}\nlet count = 1; const limit = 7; class Shelf {} const later = () => limit; export { show, Shelf }; export const getCount = () => count; export const bump = () => count++;` };

function descriptorOf(scope: object, name: string): PropertyDescriptor | undefined {
  return Object.getOwnPropertyDescriptor(Object.getPrototypeOf(scope), name);
}

describe("the scope object", () => {
  test("holds what cannot change as constants of its layer, and nothing itself", async () => {
    const world = new World();
    const { show, Shelf } = await world.host("shop.mjs", host);
    await apply(patchOf({ [KEY]: { functions: "show", fixed: "limit Shelf show", live: "count", code: expose } }));
    const scope = show();
    expect(Reflect.ownKeys(scope)).toEqual([]);
    expect(descriptorOf(scope, "limit")).toEqual({ value: 7, writable: false, enumerable: false, configurable: false });
    expect(descriptorOf(scope, "Shelf")?.value).toBe(Shelf);
    expect(descriptorOf(scope, "show")?.value).toBe(show);
    expect(descriptorOf(scope, "count")).toBeUndefined();
  });

  test("reads and writes live bindings in the host, in both directions", async () => {
    const world = new World();
    const { show, getCount, bump } = await world.host("shop.mjs", host);
    await apply(patchOf({ [KEY]: { functions: "show", live: "count", code: "function show(n) { $s.count += n; return $s.count; }" } }));
    expect(show(5)).toBe(6);
    expect(getCount()).toBe(6);
    bump();
    expect(show(0)).toBe(7);
  });

  test("refuses assignments to constants, linked or not", async () => {
    const world = new World();
    const { show } = await world.host("shop.mjs", host);
    const assign = (name: string) => `function show() { "use strict"; $s.${name} = 1; }`;
    await apply(patchOf({ [KEY]: { functions: "show", fixed: "limit", code: assign("limit") } }, 1));
    expect(show).toThrow(TypeError);
    await apply(patchOf({ [KEY]: { functions: "show", live: "limit", code: assign("limit") } }, 2));
    expect(show).toThrow(TypeError);
    await apply(patchOf({ [KEY]: { functions: "show", variables: "box", code: `${assign("box")} const init_box = () => 1;` } }, 3));
    expect(show).toThrow(TypeError);
  });

  test("keeps the temporal dead zone exact while a module has not run, and links when it has", async () => {
    const world = new World();
    await world.host("other.mjs", { names: "", body: "" });
    await apply(patchOf({ [KEY]: { functions: "show", fixed: "limit", code: "function show(k) { return k ? $s : $s.limit; }" } }));
    const { early, show } = await world.host("shop.mjs", {
      names: "show limit",
      body: `export let early; try { show(); } catch (error) { early = error; }\n${guarded("show", "k", "")}\nconst limit = 7; export { show };`,
    });
    expect(early).toMatchObject({ name: "ReferenceError", message: expect.stringContaining("before initialization") });
    expect(show()).toBe(7);
    await turn();
    await turn();
    expect(descriptorOf(show(true), "limit")?.value).toBe(7);
  });

  test("links in a later operation what a slow module had not initialised", async () => {
    const world = new World();
    await world.host("other.mjs", { names: "", body: "" });
    const patch = patchOf({ [KEY]: { functions: "show", fixed: "limit", code: "function show(k) { return k ? $s : $s.limit; }" } });
    await apply(patch);
    let go = (): void => {};
    Object.assign(globalThis, { slowModule: new Promise<void>((done) => (go = done)) });
    const loading = world.host("shop.mjs", { names: "show limit", body: `export ${guarded("show", "k", "")}\nawait globalThis.slowModule;\nconst limit = 7;` });
    await new Promise((done) => setTimeout(done, 50));
    expect(status().pending).toEqual([]);
    go();
    const { show } = await loading;
    expect(show()).toBe(7);
    expect(descriptorOf(show(true), "limit")).toBeUndefined();
    await apply(patch);
    expect(descriptorOf(show(true), "limit")?.value).toBe(7);
  });

  test("does not take undefined for a value: it may be a `var` that is not initialised", async () => {
    const world = new World();
    const { show, set } = await world.host("shop.mjs", { names: "show late", body: `export ${guarded("show", "", "")}\nvar late; export const set = () => { late = 5; };` });
    await apply(patchOf({ [KEY]: { functions: "show", fixed: "late", code: "function show() { return $s.late; }" } }));
    expect(show()).toBeUndefined();
    set();
    expect(show()).toBe(5);
  });

  test("is made without reading a binding of the host during prepare, and at most once", async () => {
    const world = new World();
    await world.host("other.mjs", { names: "", body: "" });
    const { register } = await load<{ register: Function }>(MODULE_URL);
    let [made, reads] = [0, 0];
    const own = function show(): void {};
    register(KEY, "fp", {}, () => {
      made++;
      return { get show() { reads++; return own; }, get limit() { reads++; return 1; }, get "import.meta.url"() { return world.url("x.mjs"); } };
    });
    expect(made).toBe(0);
    const broken = patchOf({ [KEY]: { functions: "show", fixed: "limit", code: "function show() {}\nthrow new Error('factory');" } }, 1);
    expect(codes(await apply(broken))).toEqual(["HF2009"]);
    expect([made, reads]).toEqual([1, 0]);
    await apply(patchOf({ [KEY]: { functions: "show", fixed: "limit", code: "function show() {}" } }, 2));
    await rollback();
    expect(made).toBe(1);
    expect(reads).toBeGreaterThan(0);
  });

  test("reaches what other host modules have, one by one and as a namespace", async () => {
    const world = new World();
    const { add } = await world.host("bank.mjs", { names: "=gold rate", body: "let gold = 1; const rate = 3; export const add = () => { gold++; };" });
    const { show } = await world.host("shop.mjs", host);
    const from = (name: string, fixed: boolean) => ({ kind: "host", key: "app:src/bank.ts", name, fixed }) as const;
    const exports = { money: { key: "app:src/bank.ts", name: "gold", added: false }, rate: { key: "app:src/bank.ts", name: "rate", added: false } };
    await apply(patchOf({
      [KEY]: {
        functions: "show",
        imports: [{ local: "gold", from: from("gold", false) }, { local: "rate", from: from("rate", true) }, { local: "bank", from: { kind: "hostNamespace", exports } }],
        code: "function show(k) { return k ? $s : [$s.gold, $s.rate, $s.bank.money, Object.keys($s.bank), Object.prototype.toString.call($s.bank), $s.bank]; }",
      },
    }));
    add();
    const bank = show()[5];
    expect(show()).toEqual([2, 3, 2, ["money", "rate"], "[object Module]", bank]);
    expect(show()[5]).toBe(bank);
    expect(descriptorOf(show(true), "rate")?.value).toBe(3);
    expect(descriptorOf(show(true), "gold")?.get).toBeDefined();
  });

  test("reaches the evaluation of another module that belongs to its own", async () => {
    const world = new World();
    world.writeHost("shop.mjs", host);
    world.writeHost("bank.mjs", { names: "tag", body: "const tag = import.meta.url.at(-1);" });
    const copies: Record<string, any>[] = [];
    for (const tag of ["1", "2"]) {
      await load(`${world.url("bank.mjs")}?${tag}`);
      copies.push(await load<Record<string, any>>(`${world.url("shop.mjs")}?${tag}`));
    }
    const from = { kind: "host", key: "app:src/bank.ts", name: "tag", fixed: true } as const;
    await apply(patchOf({ [KEY]: { functions: "show", imports: [{ local: "tag", from }], code: "function show() { return $s.tag; }" } }));
    expect(copies.map(({ show }) => show())).toEqual(["1", "2"]);
  });

  test("reaches additions of the same patch to other modules", async () => {
    const world = new World();
    await world.host("bank.mjs", { names: "", body: "" });
    const { show } = await world.host("shop.mjs", host);
    await apply(patchOf({
      "app:src/bank.ts": { functions: "+fee", variables: "=taken", code: "const init_taken = () => 0; function fee() { return ++$s.taken; }" },
      [KEY]: {
        functions: "show",
        imports: ["fee", "taken"].map((name) => ({ local: name, from: { kind: "added", key: "app:src/bank.ts", name } as const })),
        code: "function show() { return [(0, $s.fee)(), $s.taken]; }",
      },
    }));
    expect([show(), show()]).toEqual([[1, 1], [2, 2]]);
  });
});

describe("packages and import()", () => {
  const importing = (imported: string, specifier = "tiny") =>
    patchOf({ [KEY]: { functions: "show", imports: [{ local: "it", from: { kind: "package", specifier, imported } }], code: "function show() { return $s.it; }" } });

  function withPackage(world: World): void {
    world.write("node_modules/tiny/package.json", JSON.stringify({ name: "tiny", type: "module", exports: { import: "./index.js" } }));
    world.write("node_modules/tiny/index.js", "export let size = 1; export const grow = () => { size++; }; export default 'tiny';");
  }

  test("are resolved from the host module's own location, and stay live", async () => {
    const world = new World();
    withPackage(world);
    const { show } = await world.host("shop.mjs", host);
    expect(await apply(importing("size"))).toMatchObject({ outcome: "applied" });
    const { grow } = await load<Record<string, any>>(world.url("node_modules/tiny/index.js"));
    expect(show()).toBe(1);
    grow();
    expect(show()).toBe(2);
  });

  test("give namespaces and defaults", async () => {
    const world = new World();
    withPackage(world);
    const { show } = await world.host("shop.mjs", host);
    await apply(importing("*"));
    expect(Object.keys(show())).toEqual(["default", "grow", "size"]);
    await rollback();
    await apply(importing("default"));
    expect(show()).toBe("tiny");
    await rollback();
    await apply(importing("join", "node:path"));
    expect(show()("a", "b")).toMatch(/^a.b$/);
  });

  test("refuse what is not installed or not exported", async () => {
    const world = new World();
    withPackage(world);
    await world.host("shop.mjs", host);
    expect(codes(await apply(importing("x", "not-there")))).toEqual(["HF2007"]);
    expect(codes(await apply(importing("shrink")))).toEqual(["HF2008"]);
  });

  test("are there for a module that comes later, too", async () => {
    const world = new World();
    withPackage(world);
    await world.host("other.mjs", { names: "", body: "" });
    expect((await apply(importing("default"))).pending).toEqual([KEY]);
    const { show } = await world.host("shop.mjs", host);
    expect(show()).toBe("tiny");
  });

  test("import() resolves from the host module", async () => {
    const world = new World();
    withPackage(world);
    world.write("lazy.mjs", "export const lazy = 1;");
    const { show } = await world.host("shop.mjs", host);
    await apply(patchOf({ [KEY]: { functions: "show", fixed: "import()", code: `async function show(s) { return { ...(await (0, $s["import()"])(s)) }; }` } }));
    expect(await show("./lazy.mjs")).toEqual({ lazy: 1 });
    expect(await show("tiny")).toMatchObject({ default: "tiny" });
    await expect(show("not-there")).rejects.toMatchObject({ code: "ERR_MODULE_NOT_FOUND" });
  });

  test("import.meta.url and CommonJS names are those of the host", async () => {
    const world = new World();
    const { show } = await world.host("shop.mjs", host);
    await apply(patchOf({ [KEY]: { functions: "show", fixed: "import.meta.url", code: `function show() { return $s["import.meta.url"]; }` } }));
    expect(show()).toBe(world.url("shop.mjs"));

    world.write("data.json", "[1]");
    world.writeHost("old.cjs", { names: "load", body: `${guarded("load", "", "")}\nexports.load = load;` });
    const { load: read } = world.require("old.cjs");
    await rollback();
    await apply(patchOf({ "app:src/old.ts": { functions: "load", fixed: "require __filename", code: `function load() { return [(0, $s.require)("./data.json"), $s.__filename]; }` } }));
    expect(read()).toEqual([[1], world.path("old.cjs")]);
  });
});
