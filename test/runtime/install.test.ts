/** Members that patches add to classes and object literals: when they are there, and when they are gone again. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildPatch } from "../../src/builder/build.ts";
import { applyPlanToText } from "../../src/rewrite/text.ts";
import { isPlanned, openProject } from "../../src/transform/project.ts";
import { hotfix, load, MODULE_URL, World, type Exports } from "./world.ts";

const { apply, rollback } = hotfix;

const BASE = `
export class Room {
  size() { return 1; }
}
export const commands = { buy(n) { return n; } };
export const early = describe(new Room());
export function describe(room) { return "room " + room.size() + run("buy"); }
export function run(name) { return commands[name]?.(1) ?? "none"; }
`;
const FIXED = BASE.replace("return 1; }", "return 1; }\n  twice() { return this.size() * 2; }\n  get half() { return 0.5; }")
  .replace("buy(n) { return n; }", "buy(n) { return n; }, gift(n) { return n + 5; }")
  .replace("room.size() + run", "room.twice() + room.half + run");
const NEWER = FIXED.replace("* 2", "* 3").replace("n + 5", "n + 6");

/** A program of one module, and patches for it. */
class Program {
  readonly #world = new World();
  readonly #manifest;

  constructor(base = BASE) {
    this.#world.write("package.json", '{"name":"app","type":"module"}');
    const file = this.#world.write("src/room.mjs", base);
    const project = openProject("test", { lift: true }, this.#world.folder);
    const planned = project.plan(file, base, { format: "esm", table: { form: "constant" } });
    if (!isPlanned(planned)) throw new Error(JSON.stringify(planned));
    this.#manifest = project.manifest([file]);
    this.#world.write("out/room.mjs", applyPlanToText(base, planned.plan, file).code.replace('"ts-hotfix/module"', JSON.stringify(MODULE_URL)));
  }

  async load(): Promise<Exports> {
    return await load(this.#world.url("out/room.mjs"));
  }

  patch(source: string, sequence: number): Uint8Array {
    this.#world.write("src/room.mjs", source);
    const built = buildPatch({ base: this.#manifest, source: join(this.#world.folder, "src"), sequence, acceptComputed: true });
    if (built.outcome !== "built") throw new Error(JSON.stringify(built));
    return built.bytes;
  }
}

test("a module that comes after the patch has the new members before its next statement runs", async () => {
  const program = new Program();
  expect((await apply(program.patch(FIXED, 1))).outcome).toBe("applied");
  const host = await program.load();
  expect(host["early"]).toBe("room 20.51");
  expect(host["run"]("gift")).toBe(6);
  await rollback();
  expect(Reflect.ownKeys(host["Room"].prototype)).toEqual(["constructor", "size"]);
  expect(Object.keys(host["commands"])).toEqual(["buy"]);
  expect(host["describe"](new host["Room"]())).toBe("room 11");
});

test("references to a new member reach the newest patch, and outlive none of its own", async () => {
  const program = new Program();
  const host = await program.load();
  const room = new host["Room"]();
  await apply(program.patch(FIXED, 1));
  const { twice } = room;
  const { gift } = host["commands"];
  expect([twice.call(room), gift(1)]).toEqual([2, 6]);
  await apply(program.patch(NEWER, 2));
  expect([room.twice === twice, host["commands"].gift === gift]).toEqual([true, true]);
  expect([twice.call(room), gift(1)]).toEqual([3, 7]);
  await rollback();
  expect(["twice" in room, "gift" in host["commands"]]).toEqual([false, false]);
  // as any function that a patch has added: who still holds it has that of the patch that brought it
  expect([twice.call(room), gift(1)]).toEqual([2, 6]);
  await apply(program.patch(FIXED, 3));
  expect([room.twice(), twice.call(room), gift(1)]).toEqual([2, 2, 6]);
});

test("what the program puts in the place of a new member is the program's", async () => {
  const program = new Program();
  const host = await program.load();
  await apply(program.patch(FIXED, 1));
  host["Room"].prototype.twice = () => "spy";
  host["commands"].gift = undefined;
  await rollback();
  expect([new host["Room"]().twice(), "gift" in host["commands"]]).toEqual(["spy", true]);
});

test("an object that takes no entries undoes the whole step", async () => {
  const program = new Program();
  const host = await program.load();
  Object.freeze(host["commands"]);
  expect(await apply(program.patch(FIXED, 1))).toMatchObject({ outcome: "failed", diagnostics: [{ code: "HF3004" }] });
  expect(Reflect.ownKeys(host["Room"].prototype)).toEqual(["constructor", "size"]);
  expect(host["describe"](new host["Room"]())).toBe("room 11");
});

test("what cannot be taken away again is told", async () => {
  const program = new Program();
  const host = await program.load();
  await apply(program.patch(FIXED, 1));
  Object.freeze(host["Room"].prototype);
  Object.freeze(host["commands"]);
  const { outcome, notices } = await rollback();
  expect([outcome, notices.map(({ code, message }) => [code, /`(.*?)`/.exec(message)?.[1]])]).toEqual(["rolled-back", ["twice", "get/half"].map((name) => ["HF3092", `src/room.mjs#Room/${name}`]).concat([["HF3092", "src/room.mjs#commands/gift"]])]);
  expect([host["describe"](new host["Room"]()), new host["Room"]().twice()]).toEqual(["room 11", 2]);
});

test("a module that comes later with a class that takes no members runs its own code, and the program hears nothing of it", async () => {
  const frozen = (text: string): string => text.replace("  size() {", "  static { Object.freeze(this.prototype); }\n  size() {");
  const program = new Program(frozen(BASE));
  const refused: unknown[] = [];
  const listen = (message: unknown): unknown => refused.push(message);
  subscribe("ts-hotfix:refuse", listen);
  await apply(program.patch(frozen(FIXED), 1));
  const host = await program.load();
  unsubscribe("ts-hotfix:refuse", listen);
  expect([host["early"], host["run"]("gift")]).toEqual(["room 11", "none"]);
  expect(refused).toMatchObject([{ module: "app:src/room.mjs", diagnostics: [{ code: "HF2009" }] }]);
  expect((await rollback()).outcome).toBe("rolled-back");
  expect(host["describe"](new host["Room"]())).toBe("room 11");
});

test("the length of a method follows the newest, and comes back; a spy's does not", async () => {
  const program = new Program();
  const host = await program.load();
  const { size } = host["Room"].prototype;
  const { buy } = host["commands"];
  host["commands"].buy = (...given: unknown[]) => buy(...given);
  await apply(program.patch(BASE.replace("size()", "size(a, b)").replace("buy(n) { return n; }", "buy(n, m) { return m; }"), 1));
  expect([size.length, size.name, host["commands"].buy.length]).toEqual([2, "size", 0]);
  await rollback();
  expect([size.length, buy.length]).toEqual([0, 1]);
});

test("a method is not taken for another whose name is longer", async () => {
  const program = new Program(BASE.replace("size() {", "sizes(a) { return this.size() + a; }\n  size() {"));
  const host = await program.load();
  const { prototype } = host["Room"];
  const { size, sizes } = prototype;
  // a mixin that puts one method under the other's name
  prototype.size = sizes;
  await apply(program.patch(BASE.replace("size() {", "sizes(a) { return this.size() + a; }\n  size(a, b, c) {").replace("return 1", "return 2"), 1));
  expect([sizes.length, sizes.name]).toEqual([1, "sizes"]);
  await rollback();
  expect(size.length).toBe(0);
});
