/** Whether functions call what they are given, themselves or through those that they hand it on to. */
import { isBuiltin } from "node:module";
import { ANYTHING, lastName, parameterOf, takes, type Call, type Given, type Path } from "../../analyze/calls/call.ts";
import { CALLING_BUILTINS, KEEPING, KEEPING_ALONE, QUIET } from "../../analyze/calls/callees.ts";
import type { CallNames, Thing } from "./call-names.ts";
import type { WorldModule } from "../world/module.ts";

export type Verdict = "yes" | "maybe" | "no";

/** A parameter of a function or constructor of the tree, and what the function calls. */
interface Parameter {
  readonly module: WorldModule;
  /** Those that have to do with parameters. */
  readonly calls: readonly Call[];
  readonly at: number;
  verdict: Verdict;
}

type Ask = (thing: Thing, module: WorldModule, calls: readonly Call[], at: number) => Verdict;

export class HandedOn {
  readonly #names: CallNames;
  readonly #known = new Map<Thing, Parameter[]>();
  readonly #verdicts = new Map<Path, Verdict[]>();

  constructor(names: CallNames) {
    this.#names = names;
  }

  /** Whether what is given is called. */
  verdictOf(module: WorldModule, given: Given): Verdict {
    const known = this.#verdicts.get(given.to) ?? [];
    this.#verdicts.set(given.to, known);
    return (known[given.at * 2 + Number(given.dropped)] ??= this.#receive(module, given, (...parameter) => this.#solve(parameter)));
  }

  /**
   * Functions hand on to each other in circles: all that the first one leads to begin with "no" and are asked again until
   * no answer changes. Answers only grow, so each is asked few times, by however many ways it is come to.
   */
  #solve(first: Parameters<Ask>): Verdict {
    const open = new Set<Parameter>();
    const ask: Ask = (thing, module, calls, at) => {
      const known = this.#known.get(thing) ?? [];
      this.#known.set(thing, known);
      const parameter = known[at];
      if (parameter) return parameter.verdict;
      const asked = (known[at] = { module, calls: calls.filter((call) => isAbout(call, at)), at, verdict: "no" });
      open.add(asked);
      return "no";
    };
    ask(...first);
    for (let changed = true; changed; ) {
      changed = false;
      for (const parameter of open) {
        const { module, calls, at } = parameter;
        const verdict = most(calls.map((call) => this.#inCall(module, call, at, ask)));
        if (verdict === parameter.verdict) continue;
        parameter.verdict = verdict;
        changed = true;
      }
    }
    return ask(...first);
  }

  /** Whether this call calls the parameter. */
  #inCall(module: WorldModule, call: Call, at: number, ask: Ask): Verdict {
    if (call === ANYTHING) return "maybe";
    if (call.is === "maybe" || call.is === "kept") return this.#inCall(module, call.call, at, ask) === "no" ? "no" : "maybe";
    if (call.is === "given") return this.#inCall(module, call.call, at, ask) === "no" ? "no" : this.#receive(module, call, ask);
    return isAbout(call, at) ? "yes" : "no";
  }

  #receive(module: WorldModule, { to, at, dropped }: Given, ask: Ask): Verdict {
    const meaning = this.#names.resolve(module, to);
    const name = lastName(to) ?? "";
    const keeps = KEEPING.has(name) || (dropped && KEEPING_ALONE.has(name));
    if (meaning.is === "package" && isBuiltin(meaning.specifier)) return CALLING_BUILTINS.has(meaning.member) ? "yes" : "no";
    if (meaning.is !== "own") return keeps || KEEPING.has(meaning.member ?? "") ? "no" : "maybe";
    const verdicts = meaning.all.map((each) => {
      const { target, binding } = each;
      const isMade = target === undefined && binding?.kind === "class" && meaning.rest.length === 0;
      if (each.module && (target || isMade)) return ask(each, each.module, target ? this.#names.targetCalls(each) : this.#names.bindingCalls(each).construction, at);
      return keeps || (QUIET.has(name) && binding?.holds === "collection") ? "no" : "maybe";
    });
    return most(verdicts);
  }
}

/** Whether it calls the parameter in some way, or may. */
function isAbout(call: Call, at: number): boolean {
  if (call === ANYTHING) return true;
  if ("call" in call) return isAbout(call.call, at);
  const parameter = parameterOf(call);
  return parameter !== undefined && takes(parameter, at);
}

function most(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes("yes") ? "yes" : verdicts.includes("maybe") ? "maybe" : "no";
}
