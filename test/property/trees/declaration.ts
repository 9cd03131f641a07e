/** One declaration of a generated tree as text. */
import type { Declaration, Parameter, Use } from "./model.ts";
import { printUse } from "./uses.ts";

/** A declaration as it is called where it is used; undefined where it cannot be. */
export type Names = (id: number, eager: boolean) => { readonly used: Declaration; readonly text: string; readonly isOwn: boolean } | undefined;

const PRIMITIVES = ["1", "2", "-3", '"a"', '"b"', "true", "null", "10n", "`t`", "undefined", "1.5", '"toString"'];
const REGEXES = ["/[a-z]\\d/", "/\\d+/", "/b/i", "/[ab]\\d/g"];

export function printDeclaration(each: Declaration, names: Names): string {
  const remark = each.remark === 0 ? "" : each.remark % 2 === 1 ? `// remark ${each.remark}\n` : `/** remark ${each.remark} */\n`;
  return remark + print(each, names);
}

function print(each: Declaration, names: Names): string {
  const { name, variant, tag } = each;
  const inline = each.exported === "inline" ? "export " : "";
  const declare = (value: string, type = ""): string => `${inline}${each.reassignable ? "let" : "const"} ${name}${type} = ${value};`;
  const eager = eagerUses(each, names);
  switch (each.type) {
    case "function":
      return printFunction(each, names);
    case "primitive":
      return declare(eager.primitives[0] && variant % 3 === 0 ? (variant % 2 === 0 ? `\`${tag} \${String(${eager.primitives[0]})}\`` : `[${eager.primitives[0]}, ${tag}].length + ${variant}`) : (PRIMITIVES[variant] ?? "1"));
    case "array":
      return declare(`[${[String(variant), `"${tag}"`, ...eager.primitives].slice(0, 1 + (tag % 4)).join(", ")}]${variant % 4 === 3 ? " as const" : ""}`, variant % 4 === 0 ? ": any[]" : "");
    case "object": {
      const value = `{ a: ${eager.primitives[0] ?? tag}, ${variant % 2 === 0 ? `b: "${variant}", ` : ""}c: { d: ${variant} }${eager.primitives[1] ? `, [String(${eager.primitives[1]})]: 1` : ""}${variant % 5 === 4 ? ", e: [1, { z: 2 }]" : ""} }`;
      return declare(variant % 3 === 2 ? `Object.freeze(${value})` : value, ": any");
    }
    case "map":
      return declare(`new Map<any, any>([["a", ${eager.primitives[0] ?? tag}]${variant % 2 === 0 ? `, ["b", ${variant}]` : ""}])`);
    case "set":
      return declare(`new Set<any>([${eager.primitives[0] ?? tag}, "${variant % 2 === 0 ? "a" : "c"}"])`);
    case "regex":
      return declare(REGEXES[variant % 4] ?? "/x/");
    case "functions": {
      const used = printUses(each.uses.slice(0, 2), names, false).map((use) => `, ${use}`).join("");
      const g = variant % 2 === 0 ? `g(y: any) { return [y, "g${variant}"]; }` : `g: (y: any) => [y, ${variant}]`;
      return declare(`{ f: (y: any) => [y, "f${tag}"${used}], ${g}, h: function (${variant % 3 === 0 ? "this: any, " : ""}y: any) { return ${variant % 3 === 0 ? "[this.own, y]" : "y"}; } }`);
    }
    case "table":
      return declare(`{ ${eager.functions.map(({ used, text }) => (text === used.name && tag % 2 === 0 ? text : `k${used.id}: ${text}`)).join(", ")} }`, ": any");
    case "counter":
      return `${inline}let ${name}: any = ${variant};`;
    case "collection":
      return declare("new Map<any, any>()");
    case "computed": {
      const value = printUses(each.uses.slice(0, 1), dataOf(names), true)[0] ?? `[${variant}].concat(${tag})`;
      return declare(variant % 2 === 0 ? `(() => { try { return ${value}; } catch { return "early"; } })()` : value);
    }
    case "enum":
      return `${inline}${tag % 3 === 0 ? "const " : ""}enum ${name} { A = ${variant}, B${variant % 2 === 0 ? ", C" : ""}${variant % 3 === 0 ? `, D = "${tag}"` : ""} }`;
    case "namespace":
      return `${inline}namespace ${name} { export const a = ${variant}; export function f(y: any) { return [y, "${tag}"${printUses(each.uses.slice(0, 1), names, false).map((use) => `, ${use}`).join("")}]; } }`;
    case "class":
      return `${each.exported === "default" ? "export default " : inline}class ${name} {
  v = ${eager.primitives[0] ?? variant};
  a: any;
  constructor(a: any) { this.a = a; }
  m(y: any): any { return [y, "m${tag}"${printUses(each.uses.slice(0, 2), names, false).map((use) => `, ${use}`).join("")}]; }
  get g() { return "g${each.closureTag}"; }
  static make(a: any) { return new ${name}([a]); }
}`;
    case "statement": {
      if (variant % 3 === 2) return `try { ${printUses(each.uses.slice(0, 1), names, true)[0] ?? '"nothing"'}; } catch { boot.length; }`;
      const uses = printUses(each.uses.slice(0, 1), variant % 3 === 0 ? names : dataOf(names), variant % 3 !== 0).map((use) => `, ${use}`).join("");
      return variant % 3 === 0 ? `routes.set("${each.id}", (y: any) => [y, "${tag}"${uses}]);` : `boot.push(["${tag}"${uses}]);`;
    }
  }
}

/** What was computed by a function while the program was loaded is data: it stays when the function changes. */
function dataOf(names: Names): Names {
  return (id, eager) => {
    const found = names(id, eager);
    return found && !["function", "functions", "table", "class", "namespace"].includes(found.used.type) ? found : undefined;
  };
}

function eagerUses(each: Declaration, names: Names): { readonly primitives: readonly string[]; readonly functions: readonly NonNullable<ReturnType<Names>>[] } {
  const found = each.uses.flatMap(({ to }) => names(to, true) ?? []);
  const functions = found.filter(({ used }) => used.type === "function" && used.kind === "sync");
  return { primitives: found.filter(({ used }) => used.type === "primitive").map(({ text }) => text), functions: [...new Map(functions.map((one) => [one.used.id, one])).values()] };
}

function printUses(uses: readonly Use[], names: Names, eager: boolean, async = false): readonly string[] {
  return uses.flatMap(({ to, how }) => {
    const found = names(to, eager);
    if (!found) return [];
    const { used, text, isOwn } = found;
    if (used.type === "counter" && isOwn && how % 3 !== 0 && !eager) return [how % 3 === 1 ? `${text}++` : `(${text} += 2)`];
    // s1.n3 --> s1: all of the namespace
    const space = /^(\w+)\.\w+$/.exec(text)?.[1];
    if (space !== undefined && how % 9 === 8) return [how % 2 === 0 ? `Object.keys(${space}).toSorted()` : `"n101" in ${space}`];
    return [printUse(used, how, text, { async })];
  });
}

function printFunction(each: Declaration, names: Names): string {
  const { name, form, kind, tag } = each;
  const inline = each.exported === "inline" ? "export " : "";
  const isAsync = kind === "async" || kind === "asyncGenerator";
  const star = kind === "generator" || kind === "asyncGenerator" ? "*" : "";
  const uses = printUses(each.uses, names, false, isAsync);
  const parameters = each.parameters.filter((one, index, all) => one !== "rest" || index === all.length - 1);
  const list = parameters.map((one, index) => printParameter(one, index, each, names)).join(", ");
  const isArrow = form === "arrow" || form === "concise arrow";
  const values = [`"${tag}"`, ...parameters.map((one, index) => (one === "closure" ? `typeof p${index} === "function" ? p${index}(1) : p${index}` : `p${index}`))];
  if (!isArrow && each.usesThis) values.push("typeof this, (this as any)?.own");
  if (!isArrow && each.usesArguments) values.push("arguments.length");
  const keyword = each.reassignable ? "let" : "const";
  if (form === "concise arrow") return `${inline}${keyword} ${name} = ${isAsync ? "async " : ""}(${list}): ${isAsync ? "Promise<any>" : "any"} => spend() ? "deep" : [${[...values, ...uses].join(", ")}];`;
  const lines = [
    star === "" ? 'if (spend()) return "deep";' : "if (spend()) return;",
    ...(each.counts ? [`(${name} as any).count = ((${name} as any).count ?? 0) + 1;`] : []),
    `const out: any[] = [${values.join(", ")}${each.counts ? `, (${name} as any).count` : ""}];`,
    ...(isAsync ? ["await pause();"] : []),
    ...(star === "*" ? [`yield ["first", ...out];`] : []),
    ...(each.throws ? [`if (p(out)) throw new Error("thrown ${tag}");`] : []),
    ...uses.map((use) => `out.push(${use});`),
    ...printClosure(each, names),
    star === "*" ? "yield out;" : "return out;",
  ].map((line) => line.replace("p(out)", "out[1] === 1"));
  const body = `{\n${lines.map((line) => `  ${line}\n`).join("")}}`;
  if (form === "arrow") return `${inline}${keyword} ${name} = ${isAsync ? "async " : ""}(${list})${tag % 5 === 0 && !isAsync ? ": any" : ""} => ${body};`;
  const head = `${isAsync ? "async " : ""}function${star}`;
  const self = !isArrow && each.usesThis ? `this: any${list === "" ? "" : ", "}` : "";
  if (form === "declaration") return `${each.exported === "default" ? "export default " : inline}${head} ${name}(${self}${list})${star === "" && !isAsync ? ": any" : ""} ${body}`;
  return `${inline}${keyword} ${name} = ${head} ${tag % 4 === 0 ? "inner" : ""}(${self}${list}) ${body};`;
}

function printParameter(parameter: Parameter, index: number, each: Declaration, names: Names): string {
  const name = `p${index}`;
  const plain = (each.kind === "generator" || each.kind === "asyncGenerator") && each.variant % 4 !== 0;
  switch (plain && parameter !== "rest" && parameter !== "literal" ? "name" : parameter) {
    case "name":
      return `${name}?: any`;
    case "literal":
      return `${name}: any = ${(each.variant + index) % 7}`;
    case "constant":
      return `${name}: any = ${printUses(each.uses.slice(0, 1), names, false)[0] ?? each.variant}`;
    case "earlier":
      return index > 0 && each.parameters[index - 1] !== "rest" ? `${name}: any = [p${index - 1}]` : `${name}: any = [${each.variant}]`;
    case "pattern":
      return `{ p: ${name} }: any = { p: "none" }`;
    case "pattern default":
      return `{ p: ${name} = "in pattern ${each.variant % 3}" }: any = {}`;
    case "closure":
      return `${name}: any = (y: any) => [y, ${each.variant % 3}]`;
    case "rest":
      return `...${name}: any[]`;
  }
}

function printClosure(each: Declaration, names: Names): readonly string[] {
  const values = `[${["y", `"c${each.closureTag}"`, ...printUses(each.closureUses, names, false)].join(", ")}]`;
  switch (each.closure) {
    case "none": return [];
    case "called": return [`const c = (y: any) => ${values};`, "out.push(c(1));"];
    case "callback": return [`out.push([1, 2].map((y) => ${values}));`];
    case "declared": return ["out.push(d(2));", `function d(y: number): any { return y > 1 ? [d(y - 1)] : ${values}; }`];
    case "generator": return [`function* d(y: any) { yield ${values}; }`, "out.push([...d(3)]);"];
    case "class": return [`class D { f = 1; m(y: any) { return ${values}; } }`, "out.push(new D().m(4));"];
    case "returned": return [`out.push({ closure: (y: any) => ${values} });`];
    case "registered": return [`hooks.push((y: any) => ${values});`];
    case "passed": return [`out.push(later(function (y: any) { return ${values}; }));`];
    case "nested twice": return [`const c = (y: any) => [1].map((z) => [z, ...${values}]);`, "out.push(c(1));"];
  }
}
