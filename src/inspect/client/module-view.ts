/** One module: its functions, what needs a restart and why, its code. */
import type { PageModule } from "../page-data.ts";
import { STATE_WORDS } from "./cells.ts";
import { goToLine, showCode } from "./code.ts";
import { readCode } from "./data.ts";
import { count, element, replace } from "./element.ts";

const SOURCE_WORDS = {
  "as built": "",
  changed: "This file is not as it was built: below is the file in the tree, not the running code.",
  missing: "This file is not in the tree.",
  broken: "This file does not parse.",
} as const;

export class ModuleView {
  readonly view: HTMLElement = element("section", { id: "module", "aria-labelledby": "module-name", hidden: true });
  #shown: PageModule | undefined;
  #code: HTMLElement | undefined;

  hide(): void {
    this.view.hidden = true;
    this.#shown = undefined;
    replace(this.view);
  }

  /** @param at the function's name or the line to go to */
  async show(module: PageModule, at: string | number | undefined): Promise<void> {
    if (this.#shown !== module) await this.#fill(module);
    if (this.#shown !== module || at === undefined || this.#code === undefined) return;
    const line = typeof at === "number" ? at : module.functions.find(({ name }) => name === at)?.line;
    if (line !== undefined && line > 0) goToLine(this.#code, line);
  }

  async #fill(module: PageModule): Promise<void> {
    this.#shown = module;
    const code = await readCode(module);
    if (this.#shown !== module) return;
    this.#code = code && showCode(module, code);
    const words = SOURCE_WORDS[module.source];
    replace(
      this.view,
      element("h2", { id: "module-name", tabindex: -1 }, module.path),
      words === "" ? undefined : element("p", { class: "warn" }, words),
      element("details", { open: module.functions.length + module.spots.length <= 20 }, element("summary", {}, `${count(module.functions.length, "function")}, ${count(module.spots.length, "place")} that ${module.spots.length === 1 ? "needs" : "need"} a restart`), partsOf(module)),
      this.#code,
    );
    this.view.hidden = false;
  }
}

function partsOf({ path, functions, spots }: PageModule): HTMLElement {
  const functionRows = functions.map(({ name, line, statements, state }) => row(`${path}#${name}`, name, line, statements, state === "patchable" ? "good" : "patched", STATE_WORDS[state]));
  const spotRows = spots.map(({ name, line, statements, code }) => row(`${path}:${line}`, name, line, statements, "bad", `needs a restart (${code})`));
  return element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Parts of ${path}` },
    element("table", {}, element("thead", {}, element("tr", {}, ["Name", "Line", "Statements", "State"].map((name) => element("th", { scope: "col" }, name)))), element("tbody", {}, functionRows, spotRows)));
}

function row(to: string, name: string, line: number, statements: number, state: string, words: string): HTMLElement {
  return element("tr", {}, element("td", {}, element("a", { href: `#${encodeURIComponent(to)}` }, name)), element("td", {}, line === 0 ? "" : String(line)), element("td", {}, String(statements)), element("td", { class: state }, words));
}
