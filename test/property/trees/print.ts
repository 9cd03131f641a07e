/** A generated tree as files. `hub.ts` bounds recursion and keeps what outlives calls; `input.ts` calls everything. */
import type { Declaration, Tree } from "./model.ts";
import { printDeclaration, type Names } from "./declaration.ts";

export type Files = Readonly<Record<string, string>>;

const HUB = `let fuel = 60;
let gates: (() => void)[] | undefined;
export const hooks: any[] = [];
export const boot: any[] = [];
export const routes = new Map<string, any>();
export function refill(n: number) { fuel = n; }
export function spend() { return fuel-- <= 0; }
export function later(fn: any) { hooks.push(fn); return "later"; }
export function hold() { gates = []; }
export function release() { const open = gates ?? []; gates = undefined; for (const each of open) each(); }
export function pause() { return gates && new Promise<void>((resolve) => gates!.push(resolve)); }
`;
const HUB_NAMES = ["hooks", "boot", "routes", "spend", "later", "pause"];

/** Where `input.ts` stands among the modules: behind all. */
const INPUT = 99;

export function printTree(tree: Tree): Files {
  const files: Record<string, string> = { "hub.ts": HUB };
  const modules = [...new Set(tree.declarations.map(({ module }) => module))].toSorted((a, b) => a - b);
  for (const module of modules) files[`m${module}.ts`] = printModule(tree, module);
  files["input.ts"] = printInput(tree, modules);
  const used = Object.values(files).join();
  for (const module of modules) if (used.includes(`"./b${module}.js"`)) files[`b${module}.ts`] = printBarrel(tree, module);
  return files;
}

export function exportedName({ exported, name }: Declaration): string {
  return exported === "default" ? "default" : exported === "alias" ? `x_${name}` : name;
}

function printModule(tree: Tree, module: number): string {
  const own = tree.declarations.filter((each) => each.module === module);
  const imports = new Set<string>();
  const texts = own.map((each) => printDeclaration(each, namesFor(tree, each, imports)));
  const listed = own.flatMap((each) => {
    if (each.type === "statement" || each.exported === "inline" || (each.exported === "private" && !isUsedElsewhere(tree, each))) return [];
    if (each.exported === "default" && isInlineDefault(each)) return [];
    const as = exportedName(each);
    return [as === each.name || each.exported === "private" ? each.name : `${each.name} as ${as}`];
  });
  const body = texts.join("\n\n");
  const hub = HUB_NAMES.filter((name) => new RegExp(`\\b${name}\\b`).test(body) && own.every((each) => each.name !== name));
  return `${hub.length > 0 ? `import { ${hub.join(", ")} } from "./hub.js";\n` : ""}${[...imports].map((each) => `${each}\n`).join("")}
${body}

${listed.length > 0 ? `export { ${listed.join(", ")} };\n` : ""}export function reset() {\n${own.flatMap(printReset).map((each) => `  ${each}\n`).join("")}}\n`;
}

function isInlineDefault({ type, form }: Declaration): boolean {
  return (type === "function" && form === "declaration") || type === "class";
}

function isUsedElsewhere({ declarations }: Tree, { id, module }: Declaration): boolean {
  return declarations.some((each) => each.module !== module && [...each.uses, ...each.closureUses].some(({ to }) => to === id));
}

function printReset(each: Declaration): readonly string[] {
  if (each.type === "counter") return [`${each.name} = ${each.variant};`];
  if (each.type === "collection") return [`${each.name}.clear();`];
  return each.type === "function" && each.counts ? [`(${each.name} as any).count = 0;`] : [];
}

/** What a declaration may use, and how it is called there; adds the imports that takes. */
function namesFor(tree: Tree, user: Declaration, imports: Set<string>): Names {
  const index = tree.declarations.indexOf(user);
  return (id, eager) => {
    const used = tree.declarations.find((each) => each.id === id);
    if (!used || used.type === "statement") return undefined;
    if (used.module === user.module) return eager && tree.declarations.indexOf(used) >= index ? undefined : { used, text: used.name, isOwn: true };
    if (tree.cyclic ? eager : used.module > user.module) return undefined;
    return { used, text: nameIn(tree, user.module, used, imports), isOwn: false };
  };
}

function nameIn({ styles }: Tree, from: number, used: Declaration, imports: Set<string>): string {
  const { module, name } = used;
  const style = styles[(from * 3 + module) % styles.length] ?? 0;
  const exported = exportedName(used);
  const add = (clause: string, file: string): void => void imports.add(`import ${clause} from "./${file}.js";`);
  const clause = (local: string): string => `{ ${exported === local ? local : `${exported} as ${local}`} }`;
  switch (style) {
    case 1:
      add(`* as s${module}`, `m${module}`);
      return `s${module}.${exported}`;
    case 4:
      if (used.exported === "default") break;
      add(`* as w${module}`, `b${module}`);
      return `w${module}.${exported}`;
    case 5:
      add(`{ whole as h${module} }`, `b${module}`);
      return `h${module}.${exported}`;
    case 2:
      if (used.exported === "default") break;
      add(clause(name), `b${module}`);
      return name;
    case 3:
      add(clause(`r_${name}`), `m${module}`);
      return `r_${name}`;
  }
  add(used.exported === "default" ? name : clause(name), `m${module}`);
  return name;
}

function printBarrel(tree: Tree, module: number): string {
  const from = `from "./m${module}.js";`;
  const names = tree.declarations.filter((each) => each.module === module && each.type !== "statement" && each.exported !== "default" && (each.exported !== "private" || isUsedElsewhere(tree, each))).map(exportedName);
  const star = (tree.styles[module % tree.styles.length] ?? 0) % 2 === 0;
  return `${star ? `export * ${from}\n` : names.length > 0 ? `export { ${names.join(", ")} } ${from}\n` : ""}export * as whole ${from}\n`;
}

/**
 * In which order modules were evaluated is not looked at: it is state, and imports of names may change places.
 * Calls every function, one after the other; what is returned and thrown is for the caller to show.
 */
function printInput(tree: Tree, modules: readonly number[]): string {
  const imports = new Set<string>();
  const callable = tree.declarations.filter((each) => (each.type === "function" || each.type === "class") && each.exported !== "private");
  const calls = callable.flatMap((each) => {
    const name = nameIn(tree, INPUT, each, imports);
    const expressions = each.type === "class" ? [`new ${name}(1).m(2)`] : [`${name}(1)`, `${name}(2, { p: 7 }, 8, 9)`];
    return expressions.map((call) => `  refill(9);\n  try { out.push(await show(${call})); } catch (error) { out.push(await show(error)); }`);
  });
  return `import { boot, hooks, refill, routes } from "./hub.js";
${[...imports].map((each) => `${each}\n`).join("")}${modules.map((module) => `import { reset as reset${module} } from "./m${module}.js";\n`).join("")}
export async function run(show: any) {
  const out: any[] = [];
${calls.join("\n")}
  refill(9);
  out.push(await show(boot.map(String).toSorted()));
  for (const [key, route] of [...routes].toSorted()) out.push(key, await show(route(1)));
  return out;
}

export function resetAll() {
  hooks.length = 0;
${modules.map((module) => `  reset${module}();\n`).join("")}}
`;
}
