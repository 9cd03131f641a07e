/** Import cycles. Strongly connected components after R. E. Tarjan, "Depth-first search and linear graph algorithms" (1972), iterative. */

/** The nodes that stand in a cycle, those that import themselves included. */
export function nodesInCycles(edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const cyclic = new Set<string>();
  for (const root of edges.keys()) {
    if (order.has(root)) continue;
    const path: { readonly node: string; next: number }[] = [{ node: root, next: 0 }];
    while (path.length > 0) {
      const top = path.at(-1);
      if (!top) break;
      const { node } = top;
      if (top.next === 0) {
        order.set(node, order.size);
        low.set(node, order.get(node) ?? 0);
        open.push(node);
        isOpen.add(node);
      }
      const successor = edges.get(node)?.[top.next++];
      if (successor !== undefined) {
        if (successor === node) cyclic.add(node);
        if (!order.has(successor)) path.push({ node: successor, next: 0 });
        else if (isOpen.has(successor)) low.set(node, Math.min(low.get(node) ?? 0, order.get(successor) ?? 0));
        continue;
      }
      path.pop();
      const parent = path.at(-1)?.node;
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent) ?? 0, low.get(node) ?? 0));
      if (low.get(node) !== order.get(node)) continue;
      const component = open.splice(open.indexOf(node));
      for (const member of component) {
        isOpen.delete(member);
        if (component.length > 1) cyclic.add(member);
      }
    }
  }
  return cyclic;
}
