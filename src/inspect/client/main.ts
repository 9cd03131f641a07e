/** The page: reads what it carries, draws the map, follows its address. */
import type { PageData } from "../page-data.ts";
import { tellFigures } from "./cells.ts";
import { readData } from "./data.ts";
import { append, element, replace } from "./element.ts";
import { hostSection, patchSection } from "./host.ts";
import { searchField, showList } from "./list.ts";
import { TreeMap } from "./map.ts";
import { ModuleView } from "./module-view.ts";
import { themeSwitch } from "./theme.ts";
import { findNode, makeTree, wayTo, type Folder, type MapNode } from "./tree.ts";

const LEGEND = [["good", "can be patched"], ["patched", "patched"], ["bad", "a change needs a restart"]] as const;

readData().then(start, (error: unknown) => document.getElementById("page")?.append(`This page cannot be drawn: ${String(error)}. It needs a browser of 2024 or newer.`));

function start(data: PageData): void {
  const root = makeTree(data.modules);
  const page = document.getElementById("page");
  if (page === null) return;
  const view = new View(root, data);
  append(page, [
    element("a", { class: "skip", href: "#map", click: (event) => skipTo(event, view.map.view.querySelector(".cell[tabindex='0']")) }, "Skip to the map"),
    element("header", {}, element("h1", {}, data.package), element("p", { class: "soft" }, `Build ${data.build.slice(0, 12)}: ${data.modules.length.toLocaleString("en")} modules, ${tellFigures(root.figures)}.`), themeSwitch()),
    element("main", {}, data.notices.map((notice) => element("p", { class: "notice" }, notice)), view.view, patchSection(data.patch, data.host), hostSection(data.host)),
  ]);
  view.follow(false);
  addEventListener("hashchange", () => view.follow(true));
  document.documentElement.dataset["drawn"] = "";
}

/** The address stays what it is: it tells what is shown. */
function skipTo(event: Event, to: HTMLElement | null): void {
  event.preventDefault();
  to?.focus();
}

/** Map and list of the modules, and the one that is looked at. */
class View {
  readonly view: HTMLElement;
  readonly map: TreeMap;
  readonly #root: Folder;
  readonly #data: PageData;
  readonly #module = new ModuleView();
  readonly #way: HTMLElement = element("ol");
  #shown: MapNode;

  constructor(root: Folder, data: PageData) {
    this.#root = root;
    this.#data = data;
    this.#shown = root;
    this.map = new TreeMap({ open: go, out: () => this.#out() });
    const list = element("div", { hidden: true });
    const choice = (name: string, isList: boolean): HTMLButtonElement =>
      element("button", { type: "button", "aria-pressed": String(!isList), click: () => {
        if (isList && list.firstChild === null) list.append(showList(root));
        list.hidden = !isList;
        this.map.view.hidden = isList;
        for (const [button, pressed] of [[asMap, !isList], [asList, isList]] as const) button.setAttribute("aria-pressed", String(pressed));
      } }, name);
    const asMap = choice("Map", false);
    const asList = choice("List", true);
    this.view = element("div", {},
      element("section", { "aria-label": "Modules" },
        element("div", { class: "bar" }, element("nav", { "aria-label": "Where the map is" }, this.#way), element("div", { class: "choice", role: "group", "aria-label": "Show the modules as" }, asMap, asList)),
        element("ul", { class: "legend" }, LEGEND.map(([name, words]) => element("li", {}, element("i", { class: name }), words))),
        this.map.view, list, searchField(data.modules)),
      this.#module.view);
  }

  /** Shows what the address names: `#src/`, `#src/shop.ts`, `#src/shop.ts#award`, `#src/shop.ts:12` */
  follow(takeFocus: boolean): void {
    const { path, at } = this.#readAddress();
    const node = findNode(this.#root, path);
    const before = this.#shown;
    this.#shown = node;
    const way = wayTo(this.#root, node);
    replace(this.#way, way.map((each, index) => element("li", {}, index === way.length - 1 ? element("span", { "aria-current": "page" }, nameOf(each, this.#data)) : element("button", { type: "button", click: () => go(each.path) }, nameOf(each, this.#data)))));
    if (node !== before || !takeFocus) this.map.show(node, nameOf(node, this.#data), before.path, takeFocus && at === undefined);
    if (node.kind === "module") void this.#module.show(node.module, at);
    else this.#module.hide();
  }

  #readAddress(): { readonly path: string; readonly at: string | number | undefined } {
    const id = readHash();
    const exact = findNode(this.#root, id);
    if (exact.path === id) return { path: id, at: undefined };
    const [, path = id, name, line] = /^(.*?)(?:#(.*)|:(\d+))$/.exec(id) ?? [];
    return { path, at: line === undefined ? name : Number(line) };
  }

  #out(): void {
    go(wayTo(this.#root, this.#shown).at(-2)?.path ?? "");
  }
}

function readHash(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

function go(to: string): void {
  location.hash = encodeURIComponent(to);
}

function nameOf(node: MapNode, { package: name }: PageData): string {
  return node.path === "" ? name : node.name;
}
