/** Members of `const enum`s that changed code names through a namespace: compilers inline them, and the host has no such export. */
import type { Node } from "oxc-parser";
import { walk } from "../../syntax/walk.ts";
import { piecesOf, type CodeRequest } from "../code/pieces.ts";
import type { ScopeUse } from "../code/uses.ts";
import type { JavaScript } from "../code/javascript.ts";
import type { LoadedTree } from "../load/load.ts";
import { exportMap, followImport } from "../world/follow.ts";
import type { World } from "../world/world.ts";

/** The functions and variables that do so, each with the namespace's module. */
export function enumsThroughNamespaces(javascript: JavaScript, request: CodeRequest, key: string, tree: LoadedTree): readonly (ScopeUse & { readonly module: string })[] {
  const world = tree.fixed;
  const spaces = new Map(
    (world.outline(key)?.imports ?? []).flatMap(({ local, from, imported }) => {
      const target = followImport(world, from, imported);
      const enums = target.kind === "namespace" ? enumNames(world, target.key) : new Set<string>();
      return target.kind === "namespace" && enums.size > 0 ? [[local, { module: target.key, enums }] as const] : [];
    }),
  );
  if (spaces.size === 0) return [];
  return piecesOf(javascript.analysis, request).flatMap((piece) => {
    const found: (ScopeUse & { readonly module: string })[] = [];
    walk(piece.node, {
      enter(node) {
        const member = nameOfMember(node);
        const space = member === undefined ? undefined : spaces.get(rootOf(node) ?? "");
        if (member !== undefined && space?.enums.has(member)) found.push({ name: member, within: piece.name, module: space.module });
      },
    });
    return found;
  });
}

/** Under which names a namespace, or one that it exports, has `const enum`s. */
function enumNames(world: World, key: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(key)) return new Set();
  seen.add(key);
  const names = [...exportMap(world, key)].flatMap(([exported, target]) => {
    if (target.kind === "namespace") return [...enumNames(world, target.key, seen)];
    const binding = target.kind === "binding" ? world.outline(target.key)?.bindings.find((each) => each.names.includes(target.name)) : undefined;
    return binding?.kind === "const enum" ? [exported] : [];
  });
  return new Set(names);
}

function nameOfMember(node: Node): string | undefined {
  if (node.type !== "MemberExpression") return undefined;
  if (!node.computed) return node.property.type === "Identifier" ? node.property.name : undefined;
  return node.property.type === "Literal" ? String(node.property.value) : undefined;
}

function rootOf(node: Node): string | undefined {
  return node.type === "MemberExpression" ? rootOf(node.object) : node.type === "Identifier" ? node.name : undefined;
}
