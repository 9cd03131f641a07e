/** How the audit's page looks and what little it does. */
import { PALETTE } from "../html/palette.ts";

export const STYLE: string = `${PALETTE}body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.soft { color: var(--soft); }
.numbers { display: flex; flex-wrap: wrap; gap: 2rem; margin: 1rem 0; } .numbers b { display: block; font-size: 1.6rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; } th button { all: unset; cursor: pointer; font-weight: 600; } th button:focus-visible { outline: 2px solid; }
.bar { display: inline-block; width: 7rem; height: .6rem; background: var(--bad-text); border-radius: 3px; overflow: hidden; vertical-align: middle; }
.bar i { display: block; height: 100%; background: var(--good-text); }
.good { color: var(--good-text); } .bad { color: var(--bad-text); } .warn { color: var(--warn-text); }
a { color: inherit; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .6rem 0; } summary { padding: .4rem .7rem; cursor: pointer; }
.source { padding: .3rem 0; overflow-x: auto; font: 13px/1.45 ui-monospace, monospace; tab-size: 2; } .source div { min-width: max-content; padding: 0 .7rem; white-space: pre; }
.source .p { background: var(--good); } .source .f { background: var(--bad); }
.source .note { white-space: normal; min-width: 0; padding: .25rem .7rem .25rem 4rem; border-left: 3px solid var(--bad-text); font: 13px/1.45 system-ui, sans-serif; } .source .note.live { border-color: var(--warn-text); background: var(--warn); }
.source b { display: inline-block; width: 3rem; margin-right: .7rem; text-align: right; font-weight: 400; color: var(--soft); user-select: none; }
ol { padding-left: 1.5rem; } li { margin: .5rem 0; }
`;

export const SCRIPT: string = `
for (const [column, button] of document.querySelectorAll("#files th button").entries()) {
  let down = column !== 0;
  button.addEventListener("click", () => {
    const body = document.querySelector("#files tbody");
    const value = (row) => row.children[column].dataset.value;
    const rows = [...body.rows].sort((a, b) => (column === 0 ? value(a).localeCompare(value(b)) : value(a) - value(b)));
    body.append(...(down ? rows.reverse() : rows));
    for (const each of document.querySelectorAll("#files th")) each.removeAttribute("aria-sort");
    button.parentElement.setAttribute("aria-sort", down ? "descending" : "ascending");
    down = !down;
  });
}
const open = () => {
  const named = location.hash && document.getElementById(location.hash.slice(1));
  if (!named) return;
  const file = named.closest("details");
  if (file) file.open = true;
  named.scrollIntoView();
};
addEventListener("hashchange", open);
open();
`;
