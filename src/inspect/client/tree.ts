/** Modules → the folders they are in. A chain of folders with one child each is one. */
import type { PageModule } from "../page-data.ts";

export interface Folder {
  readonly kind: "folder";
  /** `src/trade/`; empty for the root. */
  readonly path: string;
  readonly name: string;
  readonly children: readonly MapNode[];
  readonly size: number;
  readonly figures: Figures;
}

export interface Leaf {
  readonly kind: "module";
  readonly path: string;
  readonly name: string;
  readonly module: PageModule;
  readonly size: number;
  readonly figures: Figures;
}

export type MapNode = Folder | Leaf;

/** In statements, but for `functions`. */
export interface Figures {
  readonly statements: number;
  readonly fixed: number;
  readonly patched: number;
  readonly functions: number;
  readonly patchedFunctions: number;
}

export function makeTree(modules: readonly PageModule[]): Folder {
  return folder("", "", modules.map((module) => ({ module, rest: module.path })));
}

/** The node with this path, or the root. */
export function findNode(root: Folder, path: string): MapNode {
  let at: MapNode = root;
  while (at.kind === "folder" && at.path !== path) {
    const next: MapNode | undefined = at.children.find((child) => child.path === path || (child.kind === "folder" && path.startsWith(child.path)));
    if (next === undefined) return root;
    at = next;
  }
  return at;
}

/** From the root to the node, which is the last. */
export function wayTo(root: Folder, node: MapNode): readonly MapNode[] {
  const way: MapNode[] = [root];
  let at: MapNode | undefined = root;
  while (at !== undefined && at !== node && at.kind === "folder") {
    at = at.children.find((child): boolean => child === node || (child.kind === "folder" && node.path.startsWith(child.path)));
    if (at !== undefined) way.push(at);
  }
  return way;
}

interface Placed {
  readonly module: PageModule;
  /** Its path below the folder. */
  readonly rest: string;
}

function folder(path: string, name: string, placed: readonly Placed[]): Folder {
  const groups = new Map<string, Placed[]>();
  const children: MapNode[] = [];
  for (const { module, rest } of placed) {
    const slash = rest.indexOf("/");
    if (slash < 0) children.push({ kind: "module", path: module.path, name: rest, module, size: Math.max(1, module.statements), figures: figuresOf(module) });
    else {
      const first = rest.slice(0, slash + 1);
      const group = groups.get(first) ?? [];
      group.push({ module, rest: rest.slice(slash + 1) });
      groups.set(first, group);
    }
  }
  for (const [first, group] of groups) {
    const made = folder(path + first, first, group);
    const [only, another] = made.children;
    children.push(only?.kind === "folder" && another === undefined ? { ...only, name: first + only.name } : made);
  }
  children.sort((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1));
  return { kind: "folder", path, name, children, size: children.reduce((sum, { size }) => sum + size, 0), figures: total(children.map(({ figures }) => figures)) };
}

function figuresOf({ statements, functions, spots }: PageModule): Figures {
  const patched = functions.filter(({ state }) => state !== "patchable");
  const sum = (list: readonly { readonly statements: number }[]): number => list.reduce((all, each) => all + each.statements, 0);
  return { statements, fixed: sum(spots), patched: sum(patched), functions: functions.length, patchedFunctions: patched.length };
}

function total(all: readonly Figures[]): Figures {
  const sum = (of: keyof Figures): number => all.reduce((result, each) => result + each[of], 0);
  return { statements: sum("statements"), fixed: sum("fixed"), patched: sum("patched"), functions: sum("functions"), patchedFunctions: sum("patchedFunctions") };
}
