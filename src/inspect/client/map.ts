/** The map: one stop for Tab, arrows inside, Enter opens, Escape goes back out. */
import { cellsOf, type Cell } from "./cells.ts";
import { element } from "./element.ts";
import type { MapNode } from "./tree.ts";

export interface MapHandlers {
  readonly open: (to: string) => void;
  readonly out: () => void;
}

const HINT = "Arrow keys move, Enter opens, Escape goes back out.";
/** Below this a name would be cut to nothing. */
const NAMED_WIDTH = 34;
const NAMED_HEIGHT = 18;

export class TreeMap {
  readonly view: HTMLElement;
  readonly #area: HTMLElement;
  readonly #told: HTMLElement;
  readonly #handlers: MapHandlers;
  #node: MapNode | undefined;
  #cells: readonly Cell[] = [];
  #buttons: readonly HTMLButtonElement[] = [];
  #current = 0;
  #width = 0;

  constructor(handlers: MapHandlers) {
    this.#handlers = handlers;
    this.#area = element("div", { id: "map", class: "map", role: "group", "aria-describedby": "map-hint", keydown: (event) => this.#onKey(event as KeyboardEvent), click: (event) => this.#onClick(event), pointerover: (event) => this.#tellOf(event), focusin: (event) => this.#tellOf(event) });
    this.#told = element("p", { class: "told", "aria-hidden": "true" }, HINT);
    this.view = element("div", {}, element("p", { id: "map-hint", class: "hidden" }, HINT), this.#area, this.#told);
    new ResizeObserver(() => {
      if (this.#node !== undefined && this.#area.clientWidth !== this.#width) this.#draw();
    }).observe(this.#area);
  }

  /** @param from path of the node that was shown before: its cell is the current one */
  show(node: MapNode, label: string, from: string, takeFocus: boolean): void {
    this.#node = node;
    this.#area.setAttribute("aria-label", `Map of ${label}`);
    this.#area.dataset["of"] = node.kind;
    this.#told.textContent = HINT;
    this.#draw();
    const before = this.#cells.findLastIndex(({ to }) => to === from || (to.endsWith("/") && from.startsWith(to)));
    this.#makeCurrent(Math.max(0, before), takeFocus);
  }

  #draw(): void {
    if (this.#node === undefined) return;
    this.#width = this.#area.clientWidth;
    this.#cells = cellsOf(this.#node, { left: 0, top: 0, width: this.#area.clientWidth, height: this.#area.clientHeight });
    this.#buttons = this.#cells.map(drawCell);
    const hadFocus = this.#area.contains(document.activeElement);
    this.#area.replaceChildren(...this.#buttons);
    this.#makeCurrent(Math.min(this.#current, this.#cells.length - 1), hadFocus);
  }

  #makeCurrent(index: number, takeFocus: boolean): void {
    this.#buttons[this.#current]?.setAttribute("tabindex", "-1");
    this.#current = Math.max(0, index);
    const button = this.#buttons[this.#current];
    button?.setAttribute("tabindex", "0");
    if (takeFocus) button?.focus();
  }

  #cellAt(event: Event): number {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    return button === null ? -1 : Number(button.dataset["index"]);
  }

  #onClick(event: Event): void {
    const index = this.#cellAt(event);
    const cell = this.#cells[index];
    if (cell === undefined) return;
    this.#makeCurrent(index, false);
    this.#handlers.open(cell.to);
  }

  #tellOf(event: Event): void {
    const cell = this.#cells[this.#cellAt(event)];
    if (cell !== undefined) this.#told.textContent = cell.told;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const direction = DIRECTIONS[event.key];
    if (direction !== undefined) this.#makeCurrent(nearest(this.#cells, this.#current, direction), true);
    else if (event.key === "Home") this.#makeCurrent(0, true);
    else if (event.key === "End") this.#makeCurrent(this.#cells.length - 1, true);
    else if (event.key === "Escape") this.#handlers.out();
    else return;
    event.preventDefault();
  }
}

function drawCell({ kind, name, told, box, patched, fixed }: Cell, index: number): HTMLButtonElement {
  const isNamed = kind === "folder" || (box.width >= NAMED_WIDTH && box.height >= NAMED_HEIGHT);
  const button = element("button", { type: "button", class: `cell ${kind}`, "data-index": index, "aria-label": told, tabindex: -1 }, isNamed ? element("span", {}, name) : undefined);
  const { style } = button;
  style.left = `${box.left}px`;
  style.top = `${box.top}px`;
  style.width = `${box.width}px`;
  style.height = `${box.height}px`;
  if (kind !== "folder") style.background = backgroundOf(patched, fixed);
  return button;
}

/** Patched on the left, what needs a restart on the right, and striped: colour alone tells nobody everything. */
function backgroundOf(patched: number, fixed: number): string {
  const [from, to] = [patched * 100, 100 - fixed * 100];
  const shares = `linear-gradient(to right, var(--cell-patched) ${from}%, var(--cell-good) ${from}% ${to}%, transparent ${to}%)`;
  return `${shares}, repeating-linear-gradient(45deg, var(--cell-bad) 0 5px, var(--cell-bad-stripe) 5px 8px)`;
}

type Direction = readonly [x: number, y: number];

const DIRECTIONS: Readonly<Record<string, Direction>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The cell whose nearest edge lies in that direction, the straightest way first. Folders are met at their heading. */
function nearest(cells: readonly Cell[], current: number, [x, y]: Direction): number {
  const here = cells[current];
  if (here === undefined) return current;
  const from = centre(here);
  let best = current;
  let least = Infinity;
  for (const [index, cell] of cells.entries()) {
    const to = centre(cell);
    const along = (to.x - from.x) * x + (to.y - from.y) * y;
    if (index === current || along <= 1) continue;
    const aside = Math.abs((to.x - from.x) * y) + Math.abs((to.y - from.y) * x);
    const far = along + 3 * aside;
    if (far < least) [best, least] = [index, far];
  }
  return best;
}

function centre({ kind, box }: Cell): { readonly x: number; readonly y: number } {
  return { x: box.left + box.width / 2, y: kind === "folder" ? box.top + 10 : box.top + box.height / 2 };
}
