/** Dynamic imports whose specifier no literal tells: `import(path)`, `require(`./mods/${name}.js`)`. */
import type { Node } from "oxc-parser";
import { lineStarts, positionAt } from "../syntax/place.ts";
import type { Parsed } from "../syntax/parse.ts";
import { walk } from "../syntax/walk.ts";
import { specifierOf } from "./functions.ts";

export interface ComputedImportAt {
  /** From 1. */
  readonly line: number;
  readonly call: "import" | "require";
  /** A glob, as far as a template or a sum of strings shows it; null: anything. */
  readonly pattern: string | null;
}

export function computedImports({ program, text }: Parsed): readonly ComputedImportAt[] {
  if (!/\brequire\b|\bimport\s*[(./]/.test(text)) return [];
  const found: ComputedImportAt[] = [];
  walk(program, {
    enter(node) {
      const call = callOf(node);
      if (call === undefined || specifierOf(node) !== undefined) return;
      found.push({ line: positionAt(lineStarts(text), node.start).line, call: call.call, pattern: call.source ? patternOf(call.source) : null });
    },
  });
  return found;
}

function callOf(node: Node): { readonly call: "import" | "require"; readonly source: Node | undefined } | undefined {
  if (node.type === "ImportExpression") return { call: "import", source: node.source };
  if (node.type !== "CallExpression" || node.callee.type !== "Identifier" || node.callee.name !== "require") return undefined;
  return { call: "require", source: node.arguments[0] };
}

/** `./mods/${name}.js`, "./mods/" + name --> `./mods/*.js`, `./mods/*` */
function patternOf(source: Node): string | null {
  const parts = partsOf(source);
  const pattern = parts.map((part) => part ?? "*").join("").replaceAll(/\*+/g, "*");
  return pattern === "*" ? null : pattern;
}

/** Undefined for what is not known. */
function partsOf(node: Node): readonly (string | undefined)[] {
  if (node.type === "TemplateLiteral") return node.quasis.flatMap((quasi, index) => [quasi.value.cooked ?? undefined, ...(index < node.expressions.length ? [undefined] : [])]).filter((part) => part !== "");
  if (node.type === "Literal" && typeof node.value === "string") return [node.value];
  return node.type === "BinaryExpression" && node.operator === "+" ? [...partsOf(node.left), ...partsOf(node.right)] : [undefined];
}
