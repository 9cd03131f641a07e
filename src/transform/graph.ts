/** Import cycles. */
import { components } from "../graph/components.ts";

/** The nodes that stand in a cycle, those that import themselves included. */
export function nodesInCycles(edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const successors = (node: string): readonly string[] => edges.get(node) ?? [];
  return new Set(components(edges.keys(), successors).filter(([first = "", ...more]) => more.length > 0 || successors(first).includes(first)).flat());
}
