/** The patch in place, as a diff of each function; the process; its history. */
import type { PageChange, PageHost, PagePatch } from "../page-data.ts";
import { count, element, type Content } from "./element.ts";

const KINDS: Readonly<Record<PageChange["kind"], string>> = { replaced: "replaces", added: "adds", variable: "adds the variable", constant: "brings the value of", code: "runs besides" };

export function patchSection(patch: PagePatch | undefined, host: PageHost | undefined): HTMLElement {
  return element("section", { id: "patch", "aria-labelledby": "patch-name" }, element("h2", { id: "patch-name" }, "Active patch"), patch === undefined ? withoutPatch(host) : [
    element("p", {}, `Patch ${patch.id.slice(0, 12)}, sequence ${patch.sequence}, ${count(patch.bytes, "byte")}, ${patch.signedBy.length === 0 ? "not signed" : `signed by ${patch.signedBy.join(" and ")}`}.`),
    host === undefined ? element("p", { class: "soft" }, "No process was asked whether it is in place.") : undefined,
    patch.changes.map(changeView),
  ]);
}

function withoutPatch(host: PageHost | undefined): HTMLElement {
  const words = host === undefined ? "No process was asked (--to SOCKET), and no patch given (--patch FILE)." : host.state === "base" ? "None: the program runs as it was built." : `Patch ${host.state.slice(0, 12)} is in place, but this process does not tell what is in it (--patch FILE).`;
  return element("p", { class: "soft" }, words);
}

function changeView({ kind, id, code, diff }: PageChange): HTMLElement {
  const text = diff === undefined || diff === "" ? code : diff;
  const lines: Content = diff === undefined || diff === "" ? code : text.trimEnd().split("\n").map(diffLine);
  const remark = diff === "" ? " (its own text is the same; names in it stand for something else)" : diff === undefined ? " (what was built is not in the tree: its code alone)" : "";
  return element("details", { open: true }, element("summary", {}, `${KINDS[kind]} `, element("code", {}, id), element("span", { class: "soft" }, remark)), element("pre", { class: "diff", tabindex: 0, role: "region", "aria-label": `Change of ${id}` }, lines));
}

function diffLine(line: string): Content {
  const text = `${line}\n`;
  if (line.startsWith("+++") || line.startsWith("---")) return element("span", { class: "file" }, text);
  if (line.startsWith("@@")) return element("span", { class: "hunk" }, text);
  return line.startsWith("+") ? element("ins", {}, text) : line.startsWith("-") ? element("del", {}, text) : text;
}

export function hostSection(host: PageHost | undefined): HTMLElement {
  return element("section", { id: "history", "aria-labelledby": "history-name" }, element("h2", { id: "history-name" }, "Process and history"), host === undefined ? element("p", { class: "soft" }, "No process was asked: --to SOCKET.") : [
    element("p", {}, `Process ${host.pid} at ${host.socket}, Node.js ${host.node}${host.nodeEnv == null ? "" : `, NODE_ENV ${host.nodeEnv}`}: ${host.state === "base" ? "base" : `patch ${host.state.slice(0, 12)}`} since ${host.since}; ${count(host.threads + 1, "thread")}.`),
    host.live.map(({ target, line, reason }) => element("p", { class: "warn" }, `Old code goes on in ${target} (line ${line}): ${reason}.`)),
    host.pending.length === 0 ? undefined : element("p", {}, `Patched when they are loaded: ${host.pending.join(", ")}.`),
    host.caveats.map((each) => element("p", { class: "soft" }, each)),
    historyTable(host),
  ]);
}

function historyTable({ history }: PageHost): HTMLElement {
  if (history.length === 0) return element("p", { class: "soft" }, "Nothing has been applied or rolled back.");
  const rows = history.toReversed().map((each) =>
    element("tr", {}, [each.at, each.operation, each.outcome, each.patch === null ? "unreadable" : each.patch.slice(0, 12), each.by ?? "", [...each.codes, ...(each.reason === undefined ? [] : [each.reason])].join(", ")].map((text) => element("td", {}, text))),
  );
  return element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "History" }, element("table", {}, element("thead", {}, element("tr", {}, ["At", "Operation", "Outcome", "Patch", "By", "Why"].map((name) => element("th", { scope: "col" }, name)))), element("tbody", {}, rows)));
}
