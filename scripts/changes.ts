/** `docs/changes.md`: every kind of change and what becomes of it, from the list of kinds and the fixtures. */
import { readPatchCases, type Change, type PatchCase } from "../test/harness/patch-case.ts";
import { SECTIONS, waysOf } from "./change-rows.ts";
import type { MessageSource } from "./messages.ts";

/** Fails on a kind of change without a fixture, and on a fixture of a kind that is not in the list. */
export function renderChanges(messages: readonly MessageSource[]): string {
  const cases = Map.groupBy(
    readPatchCases().flatMap((each) => (each.outcome.changes ?? []).map((change) => ({ id: idOf(change), each }))),
    ({ id }) => id,
  );
  const rows = SECTIONS.flatMap(([, kinds]) => kinds.flatMap((kind) => waysOf(kind).map((how) => idOf({ what: kind.what, how }))));
  const known = new Set(rows);
  const wrong = [
    ...rows.filter((id, index) => rows.indexOf(id) < index).map((id) => `listed twice: ${id}`),
    ...rows.filter((id) => !cases.has(id)).map((id) => `no fixture: ${id}`),
    ...[...cases].filter(([id]) => !known.has(id)).map(([id, found]) => `not in the list: ${id} (${found.map(({ each }) => each.name).join(", ")})`),
  ];
  if (wrong.length > 0) throw new Error(`fixtures/patch and scripts/change-rows.ts differ:\n${wrong.join("\n")}`);
  const slugs = new Map(messages.map(({ code, slug }) => [code, slug]));
  const sections = SECTIONS.map(([title, kinds]) => {
    const lines = kinds.flatMap((kind) => waysOf(kind).map((how) => {
      const found = (cases.get(idOf({ what: kind.what, how })) ?? []).map(({ each }) => each);
      return `| ${kind.what}: ${how} | ${decide(found, slugs)} | ${showCases(found)} |`;
    }));
    return `## ${title}\n\n| change | decision | cases |\n| --- | --- | --- |\n${lines.join("\n")}`;
  });
  return `<!-- Generated from scripts/change-rows.ts, fixtures/patch and messages/*.md by \`npm run generate\`. Do not edit. -->

# Every kind of change

What the builder decides for each kind of change that a TypeScript module can undergo: **no effect** (a fresh build would do
the same), **in the patch**, or **refused**, with the code. Where there are several, the cases tell which it is when. Each links to
a program before and after the change; both back ends build it, the patch is applied to the running program, and what that does
then is compared with a fresh process of the fixed source. A fix of several changes is refused if one of them is, and all the
reasons are told together. ${rows.length} kinds.

${sections.join("\n\n")}
`;
}

function idOf({ what, how }: Change): string {
  return `${what}: ${how}`;
}

const ORDER = ["no effect", "in the patch", "refused"] as const;

/** `in the patch; refused [HF1205](…)` */
function decide(cases: readonly PatchCase[], slugs: ReadonlyMap<string, string>): string {
  const codes = [...new Set(cases.flatMap(({ outcome }) => (outcome.outcome === "refused" ? outcome.codes : [])))].toSorted();
  const links = codes.map((code) => `[${code}](refusals.md#${code.toLowerCase()}-${slugs.get(code) ?? ""})`).join(", ");
  const decisions = new Set(cases.map(decisionOf));
  return ORDER.filter((each) => decisions.has(each)).map((each) => (each === "refused" ? `refused ${links}` : each)).join("; ");
}

function decisionOf({ outcome }: PatchCase): (typeof ORDER)[number] {
  if (outcome.outcome === "refused") return "refused";
  return outcome.functions.length === 0 ? "no effect" : "in the patch";
}

/** With its decision, where a row has several. */
function showCases(cases: readonly PatchCase[]): string {
  const several = new Set(cases.map(decisionOf)).size > 1;
  const sorted = ORDER.flatMap((decision) => cases.filter((each) => decisionOf(each) === decision));
  return sorted.map((each) => `${several ? `${decisionOf(each)}: ` : ""}${showCase(each)}`).join("<br>");
}

function showCase({ name, outcome }: PatchCase): string {
  return `[${outcome.about.replaceAll("|", "\\|").replace(/\.$/, "")}](../fixtures/patch/${name})`;
}
