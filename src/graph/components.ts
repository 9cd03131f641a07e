/** Strongly connected components, each before those that lead to it; after Tarjan, Depth-First Search and Linear Graph Algorithms (1972), without recursion. */

interface Visit<Node> {
  readonly node: Node;
  readonly next: Iterator<Node>;
}

export function components<Node>(nodes: Iterable<Node>, successors: (node: Node) => Iterable<Node>): readonly (readonly Node[])[] {
  const order = new Map<Node, number>();
  const low = new Map<Node, number>();
  const open = new Set<Node>();
  const stack: Node[] = [];
  const found: Node[][] = [];
  const begin = (node: Node): Visit<Node> => {
    low.set(node, order.size);
    order.set(node, order.size);
    open.add(node);
    stack.push(node);
    return { node, next: successors(node)[Symbol.iterator]() };
  };
  const reach = (node: Node, at: number | undefined): void => void low.set(node, Math.min(low.get(node) ?? 0, at ?? 0));
  for (const root of nodes) {
    if (order.has(root)) continue;
    const path = [begin(root)];
    for (let visit = path.at(-1); visit; visit = path.at(-1)) {
      const { node, next } = visit;
      const { done, value } = next.next();
      if (done !== true) {
        if (!order.has(value)) path.push(begin(value));
        else if (open.has(value)) reach(node, order.get(value));
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above) reach(above.node, low.get(node));
      if (low.get(node) !== order.get(node)) continue;
      // Everything that was opened since belongs to it.
      const members = stack.splice(stack.lastIndexOf(node));
      for (const each of members) open.delete(each);
      found.push(members);
    }
  }
  return found;
}
