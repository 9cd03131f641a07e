/** The text of generated programs: `trace.js`, `library.js` and `main.js`, whose `main()` resolves to all that happened. */
import { printBody, type Scope } from "./print-body.ts";
import type { EffectFunction, EffectParameter, EffectProgram } from "./program.ts";

/** Names that somebody once took: the transformer's own, and those of `Object.prototype`. */
const NAMES = ["f0", "toString", "$t", "constructor", "Reflect", "$s", "hasOwnProperty", "async"] as const;

export class Names {
  readonly program: EffectProgram;
  #labels = 0;

  constructor(program: EffectProgram) {
    this.program = program;
  }

  /** A name that nothing else has, or a label of the trace. */
  fresh(prefix: string): string {
    return `${prefix}${this.#labels++}`;
  }

  /** How a function is named in a module. */
  of(index: number, inLibrary: boolean): string {
    const name = NAMES[index] ?? `f${index}`;
    const isForeign = this.program.functions[index]?.inLibrary !== inLibrary;
    return isForeign && this.program.format === "sloppy" ? `other.${name}` : name;
  }

  /** Functions that a function of a module may call. */
  reachable(inLibrary: boolean): readonly number[] {
    return this.program.functions.flatMap((each, index) => (each.inLibrary || !inLibrary || this.program.isCycle ? [index] : []));
  }
}

const TRACE = `
let trace = [];
let fuel = 0;
EXPORT function note(label, value) {
  if (trace.length < 4000) trace.push(label + ": " + show(value, 0));
  return trace.length;
}
EXPORT function spend() {
  return fuel-- > 0;
}
EXPORT function refuel() {
  fuel = 14;
}
EXPORT function flush() {
  const all = trace;
  trace = [];
  return all;
}
EXPORT async function drain(iterable) {
  const all = [];
  for await (const each of iterable) all.push(each);
  return all;
}
function show(value, depth) {
  if (typeof value === "function") return "fn " + Object.getOwnPropertyDescriptor(value, "name")?.value + "/" + value.length + " " + Object.prototype.toString.call(value);
  // the text of a function is its own, with the guard
  if (typeof value === "string" && /=>|function/.test(value)) return "string with code";
  if (typeof value !== "object" || value === null) return typeof value + " " + String(value);
  // the engine words the messages of its own errors after the source text
  if (value instanceof Error) return value.constructor === Error ? "Error " + value.message : value.name;
  const tag = Object.prototype.toString.call(value);
  if (depth > 2) return tag;
  if (Array.isArray(value)) return "[" + value.map((each) => show(each, depth + 1)).join(", ") + "]";
  if (value === globalThis) return "globalThis";
  return tag + "{" + Object.keys(value).map((key) => show(key, 3) + ": " + show(value[key], depth + 1)).join(", ") + "}";
}
`;

export function printProgram(program: EffectProgram): Readonly<Record<string, string>> {
  const names = new Names(program);
  const sloppy = program.format === "sloppy";
  const trace = sloppy ? `${TRACE.replaceAll("EXPORT ", "")}Object.assign(exports, { note, spend, refuel, flush, drain });\n` : TRACE.replaceAll("EXPORT", "export");
  return { "trace.js": trace, "library.js": printModule(names, true), "main.js": `${printModule(names, false)}\n${printMain(names)}` };
}

function printModule(names: Names, inLibrary: boolean): string {
  const { program } = names;
  const sloppy = program.format === "sloppy";
  const own = program.functions.flatMap((each, index) => (each.inLibrary === inLibrary ? [index] : []));
  const foreign = names.reachable(inLibrary).filter((index) => !own.includes(index));
  const state = "let s0 = 1, s1 = 2;\nlet kept;\nconst held = [];\nclass Own {\n  #x = s1;\n  static made = 0;\n  get x() { return note(\"getter\", this.#x++); }\n}";
  const prelude = 'note("evaluated", s0);';
  const functions = own.map((index) => printFunction(names, index));
  const early = own.filter((index) => program.early[index]).map((index) => printEarly(names, index));
  const [above, below] = [early.filter(({ hoisted }) => hoisted), early.filter(({ hoisted }) => !hoisted)].map((each) => each.map(({ text }) => text).join("\n"));
  const body = [state, above, prelude, ...functions, below, inLibrary ? foreignHeld(sloppy) : ""];
  if (sloppy) {
    const hoisted = own.filter((index) => isHoisted(program.functions[index]));
    const list = (of: readonly number[]): string => of.map((index) => names.of(index, inLibrary)).join(", ");
    const other = inLibrary && !program.isCycle ? "" : `const other = require(${inLibrary ? '"./main.js"' : '"./library.js"'});\n`;
    return `const { note, spend, refuel, flush, drain } = require("./trace.js");\nObject.assign(exports, { ${list(hoisted)} });\n${other}${body.join("\n")}\nObject.assign(exports, { ${list(own.filter((index) => !hoisted.includes(index)))} });\n`;
  }
  const imports = foreign.map((index) => (program.functions[index]?.form === "default" ? `default as ${names.of(index, inLibrary)}` : names.of(index, inLibrary)));
  const listed = own.filter((index) => !["exported", "default"].includes(program.functions[index]?.form ?? "")).map((index) => names.of(index, inLibrary));
  return [
    'import { note, spend, refuel, flush, drain } from "./trace.js";',
    inLibrary ? (program.isCycle && imports.length > 0 ? `import { ${imports.join(", ")} } from "./main.js";` : "") : `import { ${["callHeld as callForeign", ...imports].join(", ")} } from "./library.js";`,
    ...body,
    listed.length > 0 ? `export { ${listed.join(", ")} };` : "",
  ].join("\n");
}

function foreignHeld(sloppy: boolean): string {
  const text = "function callHeld() {\n  for (const each of held.splice(0)) note(\"held\", each());\n}";
  return sloppy ? `${text}\nexports.callHeld = callHeld;` : `export ${text}`;
}

function isHoisted(spec: EffectFunction | undefined): boolean {
  return spec !== undefined && ["declaration", "exported", "default"].includes(spec.form);
}

function printEarly(names: Names, index: number): { readonly hoisted: boolean; readonly text: string } {
  const { kind, inLibrary } = names.program.functions[index] as EffectFunction;
  const call = `${names.of(index, inLibrary)}(3, { p: 4 })`;
  // what runs on after the module's evaluation is left out: it would run beside main()
  const value = kind === "sync" ? call : kind === "generator" ? `[...${call}]` : `typeof ${names.of(index, inLibrary)}`;
  return { hoisted: isHoisted(names.program.functions[index]), text: `refuel();\ntry {\n  note("early ${index}", ${value});\n} catch (error) {\n  note("early ${index} failed", error);\n}` };
}

function printFunction(names: Names, index: number): string {
  const spec = names.program.functions[index] as EffectFunction;
  const { form, kind, inLibrary } = spec;
  const isArrow = form.startsWith("arrow");
  const parameterNames = spec.parameters.map((_, position) => (position === 0 && spec.shadows ? (index % 2 === 0 ? "s0" : names.of((index + 1) % names.program.functions.length, inLibrary).replace("other.", "")) : `p${position}`));
  const scope: Scope = { names, inLibrary, kind, self: index, values: parameterNames, shadowed: spec.shadows ? parameterNames.slice(0, 1) : [], hasArguments: !isArrow, isGenerator: kind === "generator" || kind === "asyncGenerator", canReturn: true, depth: 0 };
  const parameters = spec.parameters.map((each, position) => printParameter(each, position, spec.parameters, parameterNames, scope)).join(", ");
  const name = names.of(index, inLibrary);
  const isAsync = kind === "async" || kind === "asyncGenerator" ? "async " : "";
  const body = printBody(spec, scope);
  if (form === "arrow expression") return `const ${name} = ${isAsync}(${parameters}) => [${["s0++", ...parameterNames].join(", ")}${names.program.format === "esm" ? ", typeof this" : ""}];`;
  if (form === "arrow block") return `const ${name} = ${isAsync}(${parameters}) => {\n${body}\n};`;
  const head = `${isAsync}function${kind === "generator" || kind === "asyncGenerator" ? "*" : ""}`;
  if (form === "expression") return `const ${name} = ${head} (${parameters}) {\n${body}\n};`;
  if (form === "named expression") return `const ${name} = ${head} inner(${parameters}) {\n${body}\nnote("own name", inner);\n};`;
  const before = names.program.format === "sloppy" || form === "declaration" ? "" : form === "default" ? "export default " : "export ";
  return `${before}${head} ${name}(${parameters}) {\n${body}\n}`;
}

function printParameter(each: EffectParameter, position: number, all: readonly EffectParameter[], own: readonly string[], { names, inLibrary }: Scope): string {
  const name = own[position] ?? "p";
  const before = position > 0 && all[position - 1] !== "rest" ? own[position - 1] : undefined;
  const called = names.reachable(inLibrary).find((index) => names.program.functions[index]?.kind === "sync");
  switch (each) {
    case "name":
      return name;
    case "literal":
      return `${name} = ${position}`;
    case "effect":
      return `${name} = note("${names.fresh("default ")}", ${before ?? "s1"})`;
    case "reference":
      return `${name} = [${before ?? "s1"}]`;
    case "pattern":
      return `{ p: ${name} }`;
    case "pattern default":
      return `{ p: ${name} = note("${names.fresh("pattern ")}", 0) } = { p: s1 }`;
    case "rest":
      return `...${name}`;
    case "call":
      return called === undefined ? `${name} = s1++` : `${name} = spend() ? ${names.of(called, inLibrary)}(1) : 0`;
    case "closure":
      return `${name} = (x = ${before ?? 0}) => [x, ${before ?? "s1"}, s1++]`;
    case "later":
      return `${name} = ${own[position + 1] ?? name}`;
    case "nested":
      return `[${name}, { q: { length: ${name}l } = "abc" } = {}] = [${before ?? "s1"}]`;
    case "computed":
      return `{ [(note("${names.fresh("key ")}", s1), "p")]: ${name} = this?.own, ...${name}r } = { p: undefined, z: 1 }`;
  }
}

/** Calls everything, in turns, with what the last round has left behind. */
function printMain(names: Names): string {
  const { program } = names;
  const calls = program.functions.flatMap(({ kind }, index) =>
    ["", ", 5", ", { p: 7 }, 8, [9], 10"].map((args) => `  await attempt(${JSON.stringify(kind)}, ${names.of(index, false)}${args});`),
  );
  const text = `async function attempt(kind, fn, ...args) {
  refuel();
  note("attempt", [kind, fn]);
  try {
    const result = fn.apply({ own: 1 }, args);
    note("result", kind === "generator" ? [...result] : kind === "asyncGenerator" ? await drain(result) : await result);
  } catch (error) {
    note("failed", error);
  }
}

async function main() {
  refuel();
  try {
    for (const each of held.splice(0)) note("held", each());
    ${program.format === "sloppy" ? "other.callHeld()" : "callForeign()"};
  } catch (error) {
    note("held failed", error);
  }
${calls.join("\n")}
  note("state", [s0, s1]);
  return flush();
}
`;
  return program.format === "sloppy" ? `${text}exports.main = main;\n` : `${text}export { main };\n`;
}
