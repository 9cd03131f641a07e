/** Import cycles. */
import { components } from "../graph/components.ts";

/** Whether a node stands in a cycle. To ask this of one node takes less than to ask for all of them. */
export function isInCycle(edges: ReadonlyMap<string, readonly string[]>, node: string): boolean {
  const reached = new Set(edges.get(node));
  // grows while it is read
  for (const each of reached) {
    if (each === node) return true;
    for (const next of edges.get(each) ?? []) reached.add(next);
  }
  return false;
}

/** The nodes that stand in a cycle, those that import themselves included. */
export function nodesInCycles(edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const successors = (node: string): readonly string[] => edges.get(node) ?? [];
  return new Set(components(edges.keys(), successors).filter(([first = "", ...more]) => more.length > 0 || successors(first).includes(first)).flat());
}
