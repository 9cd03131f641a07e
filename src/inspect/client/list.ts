/** The modules as a table, and what a search finds. */
import type { PageModule } from "../page-data.ts";
import { element, replace } from "./element.ts";
import type { Figures, Folder, MapNode } from "./tree.ts";

const FOUND = 50;

interface Column {
  readonly name: string;
  readonly value: (row: Row) => string | number;
}

interface Row {
  readonly path: string;
  readonly figures: Figures;
}

const COLUMNS: readonly Column[] = [
  { name: "Module", value: ({ path }) => path },
  { name: "Functions", value: ({ figures }) => figures.functions },
  { name: "Patched", value: ({ figures }) => figures.patchedFunctions },
  { name: "Statements", value: ({ figures }) => figures.statements },
  { name: "Restart needed", value: ({ figures }) => figures.fixed },
];

/** Sorted by a click on a heading; the second click turns it round. */
export function showList(root: Folder): HTMLElement {
  const rows = leaves(root);
  const body = element("tbody");
  const heads = COLUMNS.map(({ name }, index) => element("th", { scope: "col" }, element("button", { type: "button", click: () => sort(index) }, name)));
  let by = -1;
  let down = false;
  const sort = (index: number): void => {
    down = by === index ? !down : index > 0;
    by = index;
    for (const [at, head] of heads.entries()) {
      if (at === index) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    const value = COLUMNS[index]?.value ?? (({ path }) => path);
    rows.sort((a, b) => compare(value(a), value(b)) * (down ? -1 : 1));
    body.replaceChildren(...rows.map(listRow));
  };
  sort(0);
  return element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "All modules" }, element("table", {}, element("thead", {}, element("tr", {}, heads)), body));
}

function listRow(row: Row): HTMLTableRowElement {
  const [first, ...others] = COLUMNS.map(({ value }) => String(value(row)));
  return element("tr", {}, element("th", { scope: "row" }, link(row.path, first ?? "")), others.map((each) => element("td", {}, each)));
}

function leaves(node: MapNode): Row[] {
  return node.kind === "module" ? [{ path: node.path, figures: node.figures }] : node.children.flatMap(leaves);
}

function compare(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en");
}

/** A field that finds modules and functions by any part of their names. */
export function searchField(modules: readonly PageModule[]): HTMLElement {
  const found = element("div", { class: "found" });
  const told = element("p", { role: "status", class: "soft" });
  const input = element("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false", input: () => show(input.value.trim().toLowerCase()) });
  const show = (text: string): void => {
    const ids = text === "" ? [] : find(modules, text);
    told.textContent = text === "" ? "" : ids.length > FOUND ? `The first ${FOUND} of ${ids.length.toLocaleString("en")}` : `${ids.length} found`;
    replace(found, element("ul", {}, ids.slice(0, FOUND).map((id) => element("li", {}, link(id, id)))));
  };
  return element("search", {}, element("label", { for: "search" }, "Find a module or function "), input, told, found);
}

function find(modules: readonly PageModule[], text: string): readonly string[] {
  return modules.flatMap(({ path, functions }) => [...(path.toLowerCase().includes(text) ? [path] : []), ...functions.filter(({ name }) => name.toLowerCase().includes(text)).map(({ name }) => `${path}#${name}`)]);
}

function link(to: string, name: string): HTMLElement {
  return element("a", { href: `#${encodeURIComponent(to)}` }, name);
}
