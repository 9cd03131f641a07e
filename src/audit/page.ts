/** The audit as one HTML page that needs nothing else. */
import { writeDocument } from "../html/document.ts";
import { escape } from "../html/escape.ts";
import type { Diagnostic } from "../messages/diagnostic.ts";
import { fixedIn, shareOf, type Audit, type FileAudit } from "./audit.ts";
import { SCRIPT, STYLE } from "./page-style.ts";

const SPOTS_SHOWN = 20;

export function writePage(audit: Audit): string {
  const { total, files, errors } = audit;
  const title = `ts-hotfix audit: ${shareOf(total)} % patchable`;
  const body = `<h1>How much of this tree a patch can change</h1>
<div class="numbers">
<span><b class="${gradeOf(shareOf(total))}">${shareOf(total)} %</b>patchable</span>
<span><b>${total.statements}</b>statements</span>
<span><b>${fixedIn(total)}</b>not patchable</span>
<span><b>${total.targets}</b>patchable functions</span>
<span><b class="${total.live > 0 ? "warn" : ""}">${total.live}</b>places where old code would live on</span>
</div>
${errors.length === 0 ? "" : `<p class="bad">Not measured, for they do not parse: ${errors.map((each) => escape(`${each.place?.file ?? ""}: ${each.message}`)).join("; ")}</p>`}
<h2>Files</h2>
<div class="scroll"><table id="files"><thead><tr>${["File", "Statements", "Not patchable", "Patchable", "Live"].map((name, column) => `<th${column === 2 ? ' aria-sort="descending"' : ""}><button>${name}</button></th>`).join("")}</tr></thead><tbody>
${files.map(fileRow).join("\n")}
</tbody></table></div>
${worstSpots(files)}
<h2>Sources</h2>
<p class="soft"><span class="good">Green</span> lines can be patched, <span class="bad">red</span> ones cannot; the others hold no statements.</p>
${files.map(fileSource).join("\n")}`;
  return writeDocument({ title, style: STYLE, body, script: SCRIPT });
}

function fileRow(each: FileAudit): string {
  const share = shareOf(each);
  const cells = [each.statements, fixedIn(each)].map((value) => `<td data-value="${value}">${value}</td>`).join("");
  const bar = `<span class="bar"><i style="width:${share}%"></i></span>`;
  return `<tr><td data-value="${escape(each.file)}"><a href="#${anchor(each.file)}">${escape(each.file)}</a></td>${cells}<td data-value="${share}">${bar} <span class="${gradeOf(share)}">${share.toFixed(1)} %</span></td><td data-value="${each.live.length}"${each.live.length > 0 ? ' class="warn"' : ""}>${each.live.length}</td></tr>`;
}

function worstSpots(files: readonly FileAudit[]): string {
  const spots = files.flatMap(({ file, spots: own }) => own.map((spot) => ({ file, ...spot }))).toSorted((a, b) => b.statements - a.statements).slice(0, SPOTS_SHOWN);
  if (spots.length === 0) return "";
  const items = spots.map(({ file, statements, refusal }) => {
    const line = refusal.place?.line ?? 1;
    return `<li><a href="#${anchor(`${file}:${line}`)}">${escape(`${file}:${line}`)}</a>, ${statements} statement${statements === 1 ? "" : "s"}: ${told(refusal)}</li>`;
  });
  return `<h2>Most statements that cannot be patched</h2>\n<ol>\n${items.join("\n")}\n</ol>`;
}

function fileSource(each: FileAudit): string {
  const notes = new Map<number, string[]>();
  const note = (diagnostic: Diagnostic, kind: string): void => {
    const line = diagnostic.place?.line ?? 1;
    notes.set(line, [...(notes.get(line) ?? []), `<div class="note${kind}">${told(diagnostic)}</div>`]);
  };
  for (const { refusal } of each.spots) note(refusal, "");
  for (const live of each.live) note(live, " live");
  const lines = each.text.split(/\r\n|[\n\r\u2028\u2029]/).map((text, index) => {
    const state = each.lines[index];
    const number = index + 1;
    const beneath = notes.get(number);
    const id = beneath ? ` id="${anchor(`${each.file}:${number}`)}"` : "";
    return `<div${state === undefined ? "" : ` class="${state === "patchable" ? "p" : "f"}"`}${id}><b>${number}</b>${escape(text)}</div>${beneath?.join("") ?? ""}`;
  });
  return `<details id="${anchor(each.file)}"><summary>${escape(each.file)} <span class="${gradeOf(shareOf(each))}">${shareOf(each).toFixed(1)} %</span></summary><div class="source">${lines.join("")}</div></details>`;
}

function told({ code, message, remedy }: Diagnostic): string {
  return `<strong>${code}</strong> ${escape(message)} <span class="soft">${escape(remedy)}</span>`;
}

function gradeOf(share: number): string {
  return share >= 80 ? "good" : share >= 50 ? "warn" : "bad";
}

function anchor(name: string): string {
  return encodeURIComponent(name).replaceAll("'", "%27");
}
