/** The ways in which code uses what is declared elsewhere: expressions, by what they use. */
import type { Declaration } from "./model.ts";

export interface Place {
  /** `await` may stand there. */
  readonly async: boolean;
}

type Way = (x: string, name: string) => string;

const PRIMITIVE: readonly Way[] = [
  (x) => x,
  (x) => `\`<\${String(${x})}>\``,
  (x) => `typeof ${x}`,
  (x) => `((a = ${x}) => a)()`,
  (x) => `({ [String(${x})]: 1 })`,
  (x) => `[1, 2].map((e) => [e, ${x}])`,
  (x) => `(() => { switch ("a" as unknown) { case ${x}: return "yes"; default: return "no"; } })()`,
  (x) => `new (class { f = ${x}; static s = 1; })().f`,
  (x) => `(function (a: any) { const { [String(${x})]: z = "none" } = a; return z; })({ a: 1, "1": 2 })`,
  (x, name) => (x === name ? `({ ${name} })` : `({ own: ${x} })`),
  (x, name) => (x === name ? `((${name}: any) => ${name})(5)` : `((y: any) => y)(${x})`),
  (x, name) => (x === name ? `(() => { { const ${name} = 7; if (${name} === 8) return ${name}; } return ${name}; })()` : `[${x}, ${x}]`),
  (x) => `(${x} ?? "nothing")`,
  (x) => `(${x} ? "true" : "false")`,
  (x) => `[${x}].includes(${x})`,
  (x) => `(function g() { let n = 0; outer: for (const i of [1, 2, 3]) { for (const j of [${x}]) { if (i === 2) continue outer; if (j === "b") break outer; n += i; } } return n; })()`,
];

const ARRAY: readonly Way[] = [
  (x) => `${x}[0]`, (x) => `${x}.length`, (x) => `[...${x}]`, (x) => `${x}.map((e: any) => [e])`, (x) => `${x}.includes(1 as never)`,
  (x) => `(() => { const [a, ...rest] = ${x} as any[]; return [a, rest]; })()`, (x) => `(() => { const o: any[] = []; for (const e of ${x}) o.push(e); return o; })()`,
  (x) => `${x}.slice(1)`, (x) => `${x}.at(-1)`, (x) => `${x}.indexOf(2 as never)`, (x) => x, (x) => `Object.keys(${x})`, (x) => `${x}.join("-")`,
  (x) => `Math.max(...(${x} as any[]).filter((e) => typeof e === "number"))`, (x) => `((list = ${x}) => list.length)()`, (x) => `[${x}, ${x}].flat()`, (x) => `${x}.find((e: any) => e !== 1)`,
  (x) => `(${x} as unknown) === ${x}`, (x) => `JSON.stringify(${x})`,
];

const OBJECT: readonly Way[] = [
  (x) => `${x}.a`, (x) => `${x}["b"]`, (x) => `${x}.c?.d`, (x) => `Object.keys(${x})`, (x) => `"a" in ${x}`, (x) => `({ ...${x} })`,
  (x) => `(() => { const { a, ...rest } = ${x} as any; return [a, rest]; })()`, (x) => x, (x) => `JSON.stringify(${x})`, (x) => `(${x} as any)["toString"] === Object.prototype.toString`,
  (x) => `(() => { const o: any[] = []; for (const k in ${x}) o.push(k, (${x} as any)[k]); return o; })()`, (x) => `Object.entries(${x}).length`,
  (x) => `(({ a }: any) => a)(${x})`, (x) => `((o: any = ${x}) => o.a)()`, (x) => `[${x}].map((o: any) => o.b)`, (x) => `Object.hasOwn(${x}, "c")`, (x) => `structuredClone(${x})`,
];

const MAP: readonly Way[] = [
  (x) => `${x}.get("a")`, (x) => `${x}.has("b")`, (x) => `[...${x}]`, (x) => `${x}.size`, (x) => `[...${x}.keys()]`, (x) => x,
  (x) => `(() => { const o: any[] = []; ${x}.forEach((v: any, k: any) => o.push(k, v)); return o; })()`, (x) => `Object.fromEntries(${x} as any)`,
  (x) => `(() => { const o: any[] = []; for (const [k, v] of ${x} as any) o.push(k, v); return o; })()`, (x) => `new Map(${x}).size`,
];

const SET: readonly Way[] = [
  (x) => `${x}.has("a")`, (x) => `${x}.size`, (x) => `[...${x}]`, (x) => `Array.from(${x})`, (x) => x, (x) => `new Set(${x}).has(1)`, (x) => `[1, 2].filter((e) => ${x}.has(e))`,
];

const REGEX: readonly Way[] = [
  (x) => `"a1b22".replace(${x}, "_")`, (x) => `"b2a1".match(${x})?.[0]`, (x) => `${x}.source`, (x) => `"a-b1-c".split(${x})`, (x) => `"zz9".search(${x})`, (x) => `${x}.flags`, (x) => `String(${x})`,
];
/** A global one remembers where it was. */
const REGEX_WITHOUT_POSITION: readonly Way[] = [...REGEX, (x) => `${x}.test("a1")`, (x) => `${x}.exec("b2")?.[0]`, (x) => x, (x) => `["a1", "zz"].filter((e) => ${x}.test(e))`];

const FUNCTIONS: readonly Way[] = [
  (x) => `${x}.f(1)`, (x) => `${x}["g"](2)`, (x) => `Object.values(${x}).map((h: any) => h(3))`, (x) => `(() => { const { f } = ${x}; return f(4); })()`, (x) => `${x}.f?.(5)`,
  (x) => `[1, 2].map(${x}.f)`, (x) => `Object.keys(${x})`, (x) => `${x}.h.call({ own: 2 }, 1)`, (x) => x, (x) => `${x}.f.name`,
];

const TABLE: readonly Way[] = [
  (x) => `Object.values(${x}).map((h: any) => h(1))`, (x) => `Object.keys(${x})`, (x) => `Object.entries(${x} as any).map(([k, h]: any) => [k, h(2)])`,
  (x) => `Object.values(${x}).map((h: any) => h.call({ own: 3 }, 1))`, (x) => `Object.values(${x}).map((h: any) => typeof h)`,
];

const COLLECTION: readonly Way[] = [(x) => `${x}.set("k", (${x}.get("k") ?? 0) + 1).get("k")`, (x) => `${x}.size`, (x) => `[...${x}]`, (x) => `${x}.has("k")`];

const ENUM: readonly Way[] = [(x) => `${x}.A`, (x) => `[${x}.A, ${x}.B]`, (x) => `(${x}.B as unknown) === 2`, (x) => `(() => { switch (1 as unknown) { case ${x}.A: return "a"; case ${x}.B: return "b"; default: return "?"; } })()`, (x) => `((e = ${x}.B) => e)()`];

const CLASS: readonly Way[] = [
  (x) => `new ${x}(1).m(2)`, (x) => `${x}.make(3).m(4)`, (x) => `new ${x}(5).g`, (x) => `new ${x}(6) instanceof ${x}`, (x) => `${x}.name`, (x) => `new (class extends ${x} { own() { return super.m(7); } })(8).own()`,
  (x) => `new ${x}(9).v`, (x) => `Reflect.ownKeys(${x}.prototype).map(String)`,
];

const NAMESPACE: readonly Way[] = [(x) => `${x}.a`, (x) => `${x}.f(1)`, (x) => `((g = ${x}.f) => g(2))()`];

const SYNC: readonly Way[] = [
  (x) => `${x}(1)`, (x) => `${x}(1, { p: 2 })`, (x) => `${x}?.(1)`, (x) => `${x}(...[1, 2])`, (x) => `[1, 2].map((e) => ${x}(e))`, (x) => `[3].map(${x})`, (x) => `${x}.call({ own: 1 }, 1)`,
  (x) => `${x}.apply(null, [1, 4] as any)`, (x) => `[${x}.name, ${x}.length]`, (x) => `typeof ${x}`, (x) => `${x}\`a\${1}b\``, (x) => `((f: any) => f(3))(${x})`, (x) => `${x} === ${x}`,
  (x) => `[${x}].includes(${x})`, (x) => `${x}.bind(null, 1 as never)()`, (x) => `(() => ${x}(1))()`, (x) => `((r = ${x}(7)) => r)()`, (x) => `new Map<any, any>([[${x}, 1]]).get(${x})`,
  (x) => `(() => { try { return ${x}(); } finally { ${x}(9); } })()`, (x, name) => (x === name ? `((${name}: any) => ${name}(2))((y: any) => [y, "shadow"])` : `${x}(2)`), (x) => `({ m: ${x} }).m(1)`,
  (x) => `(() => { const g = ${x}; return g(2); })()`, (x) => `[...Array(2)].map((_, i) => ${x}(i))`, (x) => `JSON.parse("[1]", (_k, v) => (v === 1 ? ${x}(v) : v))`,
];
const CONSTRUCTED: Way = (x) => `typeof new (${x} as any)(1)`;

const GENERATOR: readonly Way[] = [
  (x) => `[...${x}(1)]`, (x) => `${x}(1, { p: 3 }).next()`, (x) => `(() => { const it: any = ${x}(2); it.next(); return it.return("early"); })()`,
  (x) => `(() => { const it: any = ${x}(2); it.next(); try { return it.throw(new Error("thrown in")); } catch (e) { return String(e); } })()`, (x) => `typeof ${x}`,
  (x) => `(() => { const o: any[] = []; for (const e of ${x}(4)) { o.push(e); break; } return o; })()`, (x) => `(function* () { yield* ${x}(5) as any; })()`,
];

const ASYNC: readonly Way[] = [(x) => `await ${x}(1)`, (x) => `(await Promise.all([${x}(1, { p: 4 })]))[0]`, (x) => `await ${x}(2).then((v: any) => [v])`, (x) => `await (async () => [await ${x}(3)])()`, (x) => `await ${x}.call({ own: 5 }, 1)`];

const ASYNC_GENERATOR: readonly Way[] = [
  (x) => `await (async () => { const o: any[] = []; for await (const e of ${x}(1)) o.push(e); return o; })()`, (x) => `await ${x}(2).next()`,
  (x) => `await (async () => { const it: any = ${x}(2); await it.next(); return await it.return("early"); })()`,
];

/** An expression that uses a declaration, known in this place as `x`. */
export function printUse(used: Declaration, how: number, x: string, place: Place): string {
  const ways = waysOf(used, place);
  return ways[how % ways.length]?.(x, used.name) ?? x;
}

function waysOf(used: Declaration, place: Place): readonly Way[] {
  switch (used.type) {
    case "function":
      if (used.kind === "sync") return used.form === "declaration" || used.form === "expression" ? [...SYNC, CONSTRUCTED] : SYNC;
      if (used.kind === "generator") return GENERATOR;
      if (!place.async) return [(x) => `typeof ${x}`];
      return used.kind === "async" ? ASYNC : ASYNC_GENERATOR;
    case "array": return ARRAY;
    case "object": return OBJECT;
    case "map": return MAP;
    case "set": return SET;
    case "regex": return used.variant % 4 === 3 ? REGEX : REGEX_WITHOUT_POSITION;
    case "functions": return FUNCTIONS;
    case "table": return TABLE;
    case "collection": return COLLECTION;
    case "enum": return ENUM;
    case "class": return CLASS;
    case "namespace": return NAMESPACE;
    case "counter": case "primitive": case "computed": case "statement": return PRIMITIVE;
  }
}
