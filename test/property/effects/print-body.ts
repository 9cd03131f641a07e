/** Bodies of generated functions. Every call costs fuel, so that all of them end. */
import type { Names } from "./print.ts";
import type { EffectFunction, Step } from "./program.ts";
import type { Kind } from "../programs.ts";

export interface Scope {
  readonly names: Names;
  readonly inLibrary: boolean;
  /** What may stand here: `await` and asynchronous calls in asynchronous functions alone. */
  readonly kind: Kind;
  readonly self: number;
  /** Parameters and locals. */
  readonly values: readonly string[];
  readonly shadowed: readonly string[];
  readonly hasArguments: boolean;
  readonly isGenerator: boolean;
  readonly canReturn: boolean;
  readonly depth: number;
}

export function printBody(spec: EffectFunction, scope: Scope): string {
  return `${printSteps(spec.steps, scope)}\n  return ${value(spec.result, scope)};`;
}

function printSteps(steps: readonly Step[], scope: Scope): string {
  const values = [...scope.values];
  const lines = steps.map((step) => {
    const own = { ...scope, values: [...values] };
    if (step.name !== "local") return printStep(step, own);
    const name = own.names.fresh("v");
    values.push(name);
    return `  ${["let", "const", "var"][step.b % 3]} ${name} = ${value(step.a, own)};`;
  });
  return lines.join("\n");
}

function isAsync({ kind }: Scope): boolean {
  return kind === "async" || kind === "asyncGenerator";
}

/** An arrow function in it. */
function closureIn(scope: Scope): Scope {
  return { ...scope, kind: "sync", isGenerator: false, canReturn: false, depth: scope.depth + 1 };
}

/** A function of its own in it. */
function methodIn(scope: Scope): Scope {
  return { ...closureIn(scope), hasArguments: true };
}

function value(n: number, scope: Scope): string {
  const local = scope.values[n % Math.max(scope.values.length, 1)];
  const choices = [
    local ?? "s0",
    String(n),
    "s0",
    "typeof this",
    scope.hasArguments ? "arguments.length" : "s1",
    local === undefined ? "[s0, s1]" : `[${local}, s1]`,
    "this?.own",
    scope.hasArguments ? "arguments[0]" : "typeof kept",
    `{ s0, x: s1${local === undefined ? "" : `, y: ${local}`} }`,
    "s1++",
    `\`\${s0} \${typeof ${local ?? "s1"}}\``,
    "typeof missing",
    scope.hasArguments ? "[...arguments]" : "(s0, s1)",
    "new Own().x",
    "(Own.made += s0)",
    `typeof ${scope.names.of(scope.self, scope.inLibrary)}`,
  ];
  return choices[n % choices.length] ?? "0";
}

function args(n: number, scope: Scope): string {
  return [value(n, scope), "{ p: s1 }", value(n + 5, scope)].slice(0, n % 4).join(", ");
}

function pick(n: number, scope: Scope, kinds: readonly Kind[]): string | undefined {
  const { names, inLibrary } = scope;
  const found = names.reachable(inLibrary).filter((index) => kinds.includes(names.program.functions[index]?.kind ?? "sync"));
  const index = found[n % Math.max(found.length, 1)];
  return index === undefined ? undefined : names.of(index, inLibrary);
}

/** A call of some target, and what it gives or yields. */
function call(n: number, m: number, scope: Scope): string {
  const kinds: readonly Kind[] = isAsync(scope) ? ["sync", "generator", "async", "asyncGenerator"] : ["sync", "generator"];
  const { names, inLibrary } = scope;
  const found = names.reachable(inLibrary).filter((index) => kinds.includes(names.program.functions[index]?.kind ?? "sync"));
  const index = found[n % Math.max(found.length, 1)];
  if (index === undefined) return value(n, scope);
  const text = `${names.of(index, inLibrary)}(${args(m, scope)})`;
  const wrapped = { sync: text, generator: `[...${text}]`, async: `await ${text}`, asyncGenerator: `await drain(${text})` }[names.program.functions[index]?.kind ?? "sync"];
  return `(spend() ? ${wrapped} : "spent")`;
}

function printStep({ name, a, b, inner }: Step, scope: Scope): string {
  const { names } = scope;
  const label = (): string => `"${names.fresh("at ")}"`;
  const note = (text: string): string => `  note(${label()}, ${text});`;
  const block = (within: Scope = scope): string => printSteps(inner, { ...within, depth: within.depth + 1 });
  const sync = pick(a, scope, ["sync"]);
  const generator = pick(a, scope, ["generator"]);
  const guarded = (text: string): string => `(spend() ? ${text} : "spent")`;
  const own = value(a, scope);
  const assignable = scope.shadowed.includes("s0") ? "s1" : "s0";
  switch (name) {
    case "note":
      return note(own);
    case "call":
      return note(call(a, b, scope));
    case "identity":
      return note(pick(a, scope, ["sync", "async", "generator", "asyncGenerator"]) ?? own);
    case "assign":
      return [`  ${assignable}++;`, `  [s0, s1] = [s1, ${assignable}];`, `  ({ a: s1, b: ${assignable} = 3 } = { a: ${own} });`, `  ${assignable} ??= 4;`, `  ${assignable} = ${call(a, b, scope)};`, `  s1 += typeof ${own} === "number" ? 1 : 2;`, `  [s1 = 5, ...s0] = [undefined, 2, 3];`][b % 7] ?? "";
    case "loop over state":
      return `  for (${["s1 of", "s1 in", "[s1] of"][b % 3]} [[7], [8]]) {\n${note("s1")}\n${block()}\n  }`;
    case "assign own parameter":
      return scope.values[0] === undefined ? note("s1") : `  ${scope.values.find((each) => /^(p|s)/.test(each)) ?? "s1"} = ${b};\n${note(scope.hasArguments ? "[...arguments]" : own)}`;
    case "local":
      return "";
    case "shadow":
      return `  {\n    let ${["s0", "$t", "note2", "undefined2"][b % 4]} = ${b};\n    const shadowed = () => [${["s0", "$t", "note2", "undefined2"][b % 4]}, s1];\n${note("shadowed()")}\n${block({ ...scope, shadowed: [...scope.shadowed, "s0"] })}\n  }`;
    case "closure": {
      const closure = names.fresh("c");
      return `  const ${closure} = (x = ${value(b, closureIn(scope))}) => {\n${printSteps(inner, closureIn(scope))}\n    return [x, ${value(a, closureIn(scope))}];\n  };\n${note(`[${closure}(), ${closure}(1)]`)}`;
    }
    case "kept closure":
      return `  if (held.length < 4) held.push(() => [${value(a, closureIn(scope))}, ${call(a, b, closureIn(scope))}]);`;
    case "try":
      return `  try {\n${block()}\n  } catch (${["error", "s0", ""][b % 3] || "{ name: error }"}) {\n${note(b % 3 === 1 ? "s0" : "error")}\n  }${b % 2 === 0 ? ` finally {\n${note(own)}\n  }` : ""}`;
    case "return in try":
      return scope.canReturn ? `  try {\n    if (${call(a, b, scope)} !== 7) return ${own};\n  } finally {\n${note("s0")}\n${b % 5 === 0 ? `    if (s0 === 3) return ${b};` : ""}\n  }` : note(own);
    case "throw":
      return `  if (${["s0", "s1"][b % 2]} % 3 === ${a % 3}) throw ${b % 4 === 0 ? `[${own}]` : `new Error("thrown ${b}")`};`;
    case "loop":
      return `  for (let i = 0${b % 2 ? ", n = () => i" : ""}; i < 2; i++) {\n${note(b % 2 ? "n()" : "i")}\n${block({ ...scope, values: [...scope.values, "i"] })}\n  }`;
    case "labelled": {
      const outer = names.fresh("l");
      return `  ${outer}: for (const x of [1, 2]) {\n    do {\n      if (${own} === x) continue ${outer};\n${block()}\n      if (x === ${a % 3}) break ${outer};\n    } while (false);\n  }`;
    }
    case "switch":
      return `  switch (${own}) {\n    case ${call(a, b, scope)}:\n${note("1")}\n    default:\n${block()}\n    case "x":\n${note("2")}\n  }`;
    case "yield":
      return scope.isGenerator ? [`  yield ${own};`, note(`yield ${own}`), `  yield [yield ${call(a, b, scope)}];`, `  s1 = yield;`][b % 4] ?? "" : note(own);
    case "delegate": {
      const target = scope.kind === "asyncGenerator" ? pick(a, scope, ["generator", "asyncGenerator"]) : generator;
      return scope.isGenerator && target !== undefined ? `  if (spend()) ${note(`yield* ${target}(${args(b, scope)})`).trim()}` : note(call(a, b, scope));
    }
    case "by hand": {
      const it = names.fresh("it");
      if (generator === undefined) return note(own);
      const moves = [`${it}.next(1)`, `${it}.return(2)`, `${it}.next(3)`, `${it}.throw(new Error("into"))`, `Object.getPrototypeOf(${it}) === ${generator}.prototype`, `[...${it}]`];
      return `  if (spend()) {\n    const ${it} = ${generator}(${args(b, scope)});\n${[a, b, a + b].map((n) => note(moves[n % moves.length] ?? "0")).join("\n")}\n  }`;
    }
    case "kept generator":
      return generator === undefined ? note("typeof kept") : `  if (spend()) {\n    kept ??= ${generator}(${args(b, scope)});\n${note("kept.next(s1)")}\n  }`;
    case "new":
      return sync === undefined ? note(own) : note(guarded(`(function (made, by) { return [typeof made, typeof by === "function" && by.prototype !== undefined && made instanceof by, made]; })(new ${sync.includes(".") ? `(${sync})` : sync}(${args(b, scope)}), ${sync})`));
    case "subclass": {
      const type = names.fresh("Sub");
      return sync === undefined ? note(own) : `  if (spend()) {\n    class ${type} extends ${sync} {\n      own = ${b};\n      get more() { return [this.own, new.target]; }\n      constructor() { super(${args(b, { ...scope, values: [], hasArguments: true })}); ${note("new.target === this?.constructor").trim()} }\n    }\n${note(`new ${type}()`)}\n  }`;
    }
    case "reflect":
      return sync === undefined ? note(own) : note(guarded(`globalThis.Reflect.construct(${sync}, [${args(b, scope)}], Own) instanceof Own`));
    case "object":
      return sync === undefined ? note(own) : `  {\n    const o = { own: 3, ${sync.replace("other.", "")}: ${sync}, get x() { return ${call(a, b, methodIn(scope))}; }, set x(to) { s1 = to; }, m: ${sync}, [Symbol.toPrimitive]: ${sync} };\n${note(guarded([`o.x`, `o.m(${args(b, scope)})`, `o?.m?.(1)`, `(o.x = 2)`, `o["m"]()`, `(0, o.m)()`][b % 6] ?? "0"))}\n  }`;
    case "class": {
      const type = names.fresh("C");
      return `  class ${type} extends Own {\n    #y = ${value(b, { ...scope, hasArguments: false })};\n    static { ${note(call(a, b, { ...closureIn(scope), hasArguments: false })).trim()} }\n    static s0 = s1;\n    get x() { return [super.x, this.#y, ${call(b, a, methodIn(scope))}]; }\n  }\n${note(`[new ${type}().x, ${type}.s0]`)}`;
    }
    case "this":
      return sync === undefined ? note(own) : note(guarded(b % 2 ? `${sync}.call({ own: 5 }, ${args(b, scope)})` : `${sync}.apply(${a % 2 ? "null" : "7"}, [${args(b, scope)}])`));
    case "bound":
      return sync === undefined ? note(own) : note(guarded(`((f) => [f, f(), ${b % 2 ? "new f()" : "f.length"}])(${sync}.bind({ own: 6 }, ${b}))`));
    case "callback":
      return sync === undefined ? note(own) : note(guarded([`[1, 2].map(${sync})`, `[2, 1].sort(${sync})`, `Array.from({ length: 2 }, ${sync}, { own: 8 })`, `"ab".replace(/./g, ${sync})`, `[1, 2].reduce(${sync}, 3)`][b % 5] ?? "0"));
    case "tag":
      return sync === undefined ? note(own) : note(guarded(`${sync}\`a\${${own}}\\n\``));
    case "spread":
      return sync === undefined ? note(own) : note(guarded(`${sync}(...[${args(a, scope)}], ...${scope.hasArguments ? "arguments" : "[1]"})`));
    case "destructure": {
      const [x, y] = [names.fresh("d"), names.fresh("d")];
      return `  const [${x} = ${own}, { [${value(b, scope)}]: ${y} = 1 } = {}] = [${call(a, b, scope)}];\n${note(`[${x}, ${y}]`)}`;
    }
    case "hoisted": {
      const nested = names.fresh("nested");
      return `${note(`${nested}(${args(a, scope)})`)}\n  function ${nested}(q, s1 = ${b}) {\n${printSteps(inner, { ...methodIn(scope), values: ["q"], shadowed: [] })}\n    return [q, s1, ${value(b, { ...methodIn(scope), values: ["q"] })}];\n  }`;
    }
    case "chain":
      return note(`${own} ${["&&", "||", "??"][b % 3]} ${call(a, b, scope)}${b % 3 === 2 ? "" : ` ? ${value(b, scope)} : s1`}`);
    case "await":
      return isAsync(scope) ? `${note(`await ${own}`)}\n  for await (const each of [1, ${call(a, b, scope)}]) {\n${note("each")}\n${block()}\n  }` : note(own);
    case "await in pattern":
      return isAsync(scope) ? `  ({ [await "a"]: s1, ...s0 } = { a: ${call(a, b, scope)}, z: 2 });` : note(own);
    case "return":
      return scope.canReturn ? `  if (s1 % 4 === ${a % 4}) return ${own};` : note(own);
  }
}
