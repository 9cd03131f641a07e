/** Source and emitted code side by side, what was inserted marked. Lines that are emitted as they stand are read out once. */
import type { Diagnostic } from "../../messages/diagnostic.ts";
import type { ModuleCode, PageFunction, PageModule, Span } from "../page-data.ts";
import { element, type Content } from "./element.ts";

/** Lines that are laid out together, when they come into sight. */
const CHUNK = 100;
const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/;

const STATES = { p: ["good", "can be patched"], f: ["bad", "needs a restart"], P: ["patched", "patched"], ".": ["", ""] } as const;

export function showCode(module: PageModule, code: ModuleCode): HTMLElement {
  const lines = code.text.split(LINE_BREAK);
  const notes = notesByLine(code);
  const chunks: HTMLElement[] = [];
  for (let first = 0; first < lines.length; first += CHUNK) {
    const rows = lines.slice(first, first + CHUNK).map((text, index) => lineRow(first + index + 1, text, code, module.functions, notes));
    chunks.push(element("div", { class: "chunk" }, rows));
  }
  const appended = code.emitted.appended.map((spans) => element("div", { class: "row appended" }, element("b", {}, "+"), element("code", { class: "source" }), emittedCell(spans)));
  return element("div", { class: "code" }, element("div", { class: "row head", "aria-hidden": "true" }, element("b"), element("span", {}, "Source"), element("span", {}, "As it is emitted")), chunks, appended);
}

/** Scrolls to a line and puts the focus there. */
export function goToLine(code: HTMLElement, line: number): void {
  const row = code.querySelector<HTMLElement>(`[data-line="${line}"]`);
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

function lineRow(line: number, text: string, { lines, emitted }: ModuleCode, functions: readonly PageFunction[], notes: ReadonlyMap<number, readonly HTMLElement[]>): Content {
  const state = stateOf(line, lines, functions);
  const [name, words] = STATES[state];
  const spans = emitted.changed[line];
  const number = element("b", { title: words === "" ? undefined : words }, String(line));
  const other = spans === undefined ? element("code", { class: "emitted", "aria-hidden": "true" }, text) : emittedCell(spans);
  const row = element("div", { class: `row ${name}`, "data-line": line, tabindex: -1 }, number, element("code", { class: "source" }, text), other);
  return [row, ...(notes.get(line) ?? [])];
}

function stateOf(line: number, lines: string, functions: readonly PageFunction[]): keyof typeof STATES {
  const state = lines.charAt(line - 1);
  if (state !== "p") return state === "f" ? "f" : ".";
  return functions.some((each) => each.state !== "patchable" && each.line <= line && line <= each.endLine) ? "P" : "p";
}

function emittedCell(spans: readonly Span[]): HTMLElement {
  return element("code", { class: "emitted changed" }, element("span", { class: "hidden" }, "emitted: "), spans.map((span) => (typeof span === "string" ? span : element("ins", {}, span[0]))));
}

function notesByLine({ refusals, live }: ModuleCode): ReadonlyMap<number, readonly HTMLElement[]> {
  const notes = new Map<number, HTMLElement[]>();
  const add = (kind: string, each: Diagnostic): void => {
    const line = each.place?.line ?? 1;
    notes.set(line, [...(notes.get(line) ?? []), element("div", { class: `note ${kind}` }, element("strong", {}, each.code), ` ${each.message} `, element("span", { class: "soft" }, each.remedy))]);
  };
  for (const each of refusals) add("bad", each);
  for (const each of live) add("warn", each);
  return notes;
}
