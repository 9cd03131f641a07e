/** Names that the host's build replaced by expressions: patch code gets the same. */
import type MagicString from "magic-string";
import type { Node } from "oxc-parser";
import type { ModuleAnalysis } from "../../analyze/analysis.ts";
import { walk } from "../../syntax/walk.ts";

export type Defines = Readonly<Record<string, string>>;

// __DEV__ --> (false)    process.env.MODE --> ("live")
export function rewriteDefines(output: MagicString, root: Node, analysis: ModuleAnalysis, defines: Defines): void {
  walk(root, {
    enter(node, parent) {
      const path = pathOf(node, analysis);
      if (path === undefined || !Object.hasOwn(defines, path) || (parent?.type === "Property" && parent.key === node && parent.shorthand)) return;
      const text = `(${defines[path]})`;
      output.update(node.start, node.end, parent?.type === "Property" && parent.shorthand ? `${path}: ${text}` : text);
      return false;
    },
  });
}

/** Whether the host's build put an expression in the place of a node. */
export function isDefined(node: Node, analysis: ModuleAnalysis, defines: Defines): boolean {
  const path = pathOf(node, analysis);
  return path !== undefined && Object.hasOwn(defines, path);
}

/** `process.env.MODE`, its first name a global, or `import.meta.env`; undefined for anything else. */
function pathOf(node: Node, analysis: ModuleAnalysis): string | undefined {
  if (node.type === "MetaProperty") return node.meta.name === "import" ? "import.meta" : undefined;
  if (node.type === "Identifier") return analysis.scopes.variableAt(node) === undefined ? node.name : undefined;
  if (node.type !== "MemberExpression" || node.computed || node.optional || node.property.type !== "Identifier") return undefined;
  const object = pathOf(node.object, analysis);
  return object === undefined ? undefined : `${object}.${node.property.name}`;
}
