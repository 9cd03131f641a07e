/** What the map shows of a node: its boxes, with their colours and words. */
import type { PageModule } from "../page-data.ts";
import { count } from "./element.ts";
import { squarify, type Box } from "./squarify.ts";
import type { Figures, Folder, MapNode } from "./tree.ts";

export interface Cell {
  /** Where it leads: a node's path, or `path#name` and `path:line` inside a module. */
  readonly to: string;
  readonly name: string;
  /** All that colour and size tell, in words. */
  readonly told: string;
  readonly box: Box;
  readonly kind: "folder" | "module" | "function" | "spot";
  /** Shares of the box that are patched and that need a restart, from 0 to 1. */
  readonly patched: number;
  readonly fixed: number;
}

const GAP = 2;
const HEADING = 20;
/** Boxes smaller than this have no heading of their own: it would hide what is in them. */
const LEAST_WIDTH = 60;
const LEAST_HEIGHT = 52;

/** Folders come before what is in them. */
export function cellsOf(node: MapNode, box: Box): readonly Cell[] {
  return node.kind === "folder" ? folderCells(node, box) : moduleCells(node.module, box);
}

function folderCells({ children }: Folder, box: Box): readonly Cell[] {
  const boxes = squarify(children.map(({ size }) => size), box);
  return children.flatMap((child, index): readonly Cell[] => {
    const own = inset(boxes[index] ?? box);
    const cell: Cell = { to: child.path, name: child.name, told: `${child.path}: ${tellFigures(child.figures)}`, box: own, kind: child.kind, ...sharesOf(child.figures) };
    if (child.kind === "module") return [cell];
    if (own.width < LEAST_WIDTH || own.height < LEAST_HEIGHT) return [{ ...cell, kind: "module" }];
    return [cell, ...folderCells(child, { left: own.left + GAP, top: own.top + HEADING, width: own.width - 2 * GAP, height: own.height - HEADING - GAP })];
  });
}

function moduleCells(module: PageModule, box: Box): readonly Cell[] {
  const parts = [
    ...module.functions.map(({ name, line, statements, state }) => ({
      size: Math.max(1, statements), to: `${module.path}#${name}`, name, kind: "function" as const, patched: state === "patchable" ? 0 : 1, fixed: 0,
      told: `${name}${line > 0 ? `, line ${line}` : ""}: ${count(statements, "statement")}, ${STATE_WORDS[state]}`,
    })),
    ...module.spots.map(({ name, line, statements, code }) => ({
      size: Math.max(1, statements), to: `${module.path}:${line}`, name, kind: "spot" as const, patched: 0, fixed: 1,
      told: `${name}, line ${line}: ${count(statements, "statement")}, a change needs a restart (${code})`,
    })),
  ].sort((a, b) => b.size - a.size);
  const boxes = squarify(parts.map(({ size }) => size), box);
  return parts.map((part, index) => ({ ...part, box: inset(boxes[index] ?? box) }));
}

export const STATE_WORDS = { patchable: "can be patched", patched: "patched", pending: "patched when its module is loaded" } as const;

/** `3 functions, 1 of them patched; 2 of 10 statements need a restart` */
export function tellFigures({ functions, patchedFunctions, statements, fixed }: Figures): string {
  const patched = patchedFunctions === 0 ? "" : `, ${patchedFunctions.toLocaleString("en")} patched`;
  return `${count(functions, "function")}${patched}; ${fixed === 0 ? "nothing needs a restart" : `${fixed.toLocaleString("en")} of ${count(statements, "statement")} need a restart`}`;
}

function sharesOf({ statements, fixed, patched }: Figures): Pick<Cell, "fixed" | "patched"> {
  return statements === 0 ? { fixed: 0, patched: 0 } : { fixed: fixed / statements, patched: patched / statements };
}

function inset({ left, top, width, height }: Box): Box {
  return { left: left + GAP / 2, top: top + GAP / 2, width: Math.max(1, width - GAP), height: Math.max(1, height - GAP) };
}
