/** What is said of live code: refused, accepted by name, or noticed. */
import { RULES, verdictOf, type RuleName } from "../../analyze/live/rules.ts";
import { displayTarget } from "../../manifest/module-key.ts";
import { diagnostic, type Diagnostic, type Severity } from "../../messages/diagnostic.ts";
import type { PatchLive } from "../../patch/payload.ts";
import type { ModuleChange } from "./classify.ts";
import type { LiveFinding } from "./live.ts";

export interface LiveOptions {
  /** Targets whose old code may go on, by id (`src/shop.ts#onConnect`); `true` for all. Default none. */
  readonly acceptLive?: true | readonly string[];
  /** Refuse also where it cannot be told whether old code goes on. Default false. */
  readonly strictLive?: boolean;
}

export interface LiveJudgement {
  readonly diagnostics: readonly Diagnostic[];
  /** What was accepted, for the patch to tell. */
  readonly accepted: readonly PatchLive[];
}

const CODES = {
  registered: "HF1110", rearmed: "HF1110",
  variable: "HF1111", property: "HF1111", collection: "HF1111",
  returned: "HF1112",
  "endless loop": "HF1114", "waiting loop": "HF1114",
  "endless generator": "HF1115", generator: "HF1115",
} as const satisfies Partial<Record<RuleName, string>>;

export function judgeLive(changes: readonly ModuleChange[], packageName: string, { acceptLive = [], strictLive = false }: LiveOptions): LiveJudgement {
  const diagnostics: Diagnostic[] = [];
  const accepted: PatchLive[] = [];
  const unused = new Set(acceptLive === true ? [] : acceptLive);
  for (const { module, live } of changes) {
    for (const finding of live) {
      const id = displayTarget(module.key, finding.target, packageName);
      const isRefused = strictLive || verdictOf(finding.rule) === "on";
      const isAccepted = acceptLive === true || acceptLive.includes(id);
      unused.delete(id);
      if (isRefused && isAccepted) accepted.push({ target: id, line: finding.place.line, reason: RULES[finding.rule].how });
      diagnostics.push(tellLive(finding, isRefused && !isAccepted ? "refusal" : "notice", id));
    }
  }
  for (const id of unused) diagnostics.push(diagnostic("HF1116", "notice", { id }));
  return { diagnostics, accepted };
}

/** @param id of the target, to accept it by */
export function tellLive({ target: name, what, rule, place }: LiveFinding, severity: Severity, id: string): Diagnostic {
  const { how } = RULES[rule];
  if (what === "class" && verdictOf(rule) === "on") return diagnostic("HF1113", severity, { name, how, id }, place);
  const code = rule in CODES ? CODES[rule as keyof typeof CODES] : "HF1107";
  // A loop of a nested function keeps that one running, not the target.
  return diagnostic(code, severity, { name: what === "call" || code === "HF1107" ? `\`${name}\`` : `a function nested in \`${name}\``, how, id }, place);
}
