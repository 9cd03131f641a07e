/** Refusals of functions that are no targets, by the reason why they are none. */
import type { ModuleAnalysis, NonTarget, NonTargetReason } from "../../analyze/analysis.ts";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";

const CODES = {
  method: "HF1001",
  accessor: "HF1002",
  constructor: "HF1003",
  "static block": "HF1004",
  field: "HF1005",
  "object member": "HF1006",
  "reassignable binding": "HF1007",
  "computed value": "HF1008",
  "namespace member": "HF1009",
  "function in a block": "HF1010",
  "callback at init": "HF1011",
  "nested function": "HF1011",
  "parameters cannot be forwarded": "HF1012",
  "reassigned function": "HF1013",
  "default expression": "HF1014",
  "tagged @nohotfix": "HF1015",
  untagged: "HF1015",
  "inner member": "HF1122",
  "computed key": "HF1123",
  "decorated member": "HF1124",
  "declared twice": "HF1125",
  "names itself": "HF1126",
  "no guard": "HF1016",
} as const satisfies Record<NonTargetReason, string>;

export function refuseNonTarget(each: NonTarget, analysis: ModuleAnalysis): Diagnostic {
  const place = placeAt(analysis.parsed.file, analysis.parsed.text, each.start, each.end);
  return diagnostic(CODES[each.reason], "refusal", { name: each.name, fn: suggestFunction(each.name) }, place);
}

/** What the top-level function for the body of a member could be called: `playerLevelUp` for `Player.levelUp`. */
function suggestFunction(member: string): string {
  const words = member.split(".").slice(-2).map((each) => each.replaceAll(/[^\p{ID_Continue}$]/gu, ""));
  const [first = "", ...others] = words.filter((each) => each !== "");
  return first.slice(0, 1).toLowerCase() + first.slice(1) + others.map((each) => each.slice(0, 1).toUpperCase() + each.slice(1)).join("");
}
