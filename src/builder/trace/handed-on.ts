/** Whether functions call what they are given, themselves or through those that they hand it on to. */
import { isBuiltin } from "node:module";
import { parseCall, type Call } from "../../analyze/calls/call.ts";
import { CALLING_BUILTINS, KEEPING, KEEPING_ALONE, QUIET } from "../../analyze/calls/callees.ts";
import type { WorldModule } from "../world/module.ts";
import type { CallNames } from "./call-names.ts";
import { isParameter } from "./stored.ts";

export type Verdict = "yes" | "maybe" | "no";
type Given = Extract<Call, { is: "given" }>;

/** A parameter of a function or constructor of the tree, and what the function calls. */
interface Parameter {
  readonly id: string;
  readonly module: WorldModule;
  readonly calls: readonly string[];
  readonly at: number;
}

type Ask = (parameter: Parameter) => Verdict;

export class HandedOn {
  readonly #names: CallNames;
  /** By parameter. */
  readonly #known = new Map<string, Verdict>();

  constructor(names: CallNames) {
    this.#names = names;
  }

  /** Whether what is given is called. */
  verdictOf(module: WorldModule, given: Given): Verdict {
    return this.#receive(module, given, (parameter) => this.#solve(parameter));
  }

  /**
   * Functions hand on to each other in circles: all that the first one leads to begin with "no" and are asked again until
   * no answer changes. Answers only grow, so each is asked few times, by however many ways it is come to.
   */
  #solve(first: Parameter): Verdict {
    const open = new Map<string, Parameter>();
    const ask: Ask = (parameter) => {
      const known = this.#known.get(parameter.id);
      if (known !== undefined) return known;
      this.#known.set(parameter.id, "no");
      open.set(parameter.id, parameter);
      return "no";
    };
    ask(first);
    for (let changed = true; changed; ) {
      changed = false;
      for (const { id, module, calls, at } of open.values()) {
        const verdict = most(calls.map((text) => this.#inCall(module, parseCall(text), at, ask)));
        if (verdict === this.#known.get(id)) continue;
        this.#known.set(id, verdict);
        changed = true;
      }
    }
    return this.#known.get(first.id) ?? "no";
  }

  /** Whether this call calls the parameter. */
  #inCall(module: WorldModule, call: Call, at: number, ask: Ask): Verdict {
    if (call.is === "maybe" || call.is === "kept") return this.#inCall(module, call.call, at, ask) === "no" ? "no" : "maybe";
    if (call.is === "given") return this.#inCall(module, call.call, at, ask) === "no" ? "no" : this.#receive(module, call, ask);
    return call.is !== "own" && call.is !== "use" && isParameter(call.name, at) ? "yes" : "no";
  }

  #receive(module: WorldModule, { to, at, dropped }: Given, ask: Ask): Verdict {
    const meaning = this.#names.resolve(module, to);
    const name = to.split(".").at(-1) ?? "";
    const keeps = KEEPING.has(name) || (dropped && KEEPING_ALONE.has(name));
    if (meaning.is === "package" && isBuiltin(meaning.specifier)) return CALLING_BUILTINS.has(meaning.member) ? "yes" : "no";
    if (meaning.is !== "own") return keeps || KEEPING.has(meaning.member) ? "no" : "maybe";
    const verdicts = meaning.all.map((each) => {
      const target = this.#names.targetOf(each);
      const binding = this.#names.bindingOf(each);
      const calls = target?.calls ?? (binding?.kind === "class" && meaning.rest.length === 0 ? binding.constructorCalls : undefined);
      const owner = this.#names.moduleOf(each.key);
      if (calls !== undefined && owner) return ask({ id: `${each.key}#${each.name} ${at}`, module: owner, calls, at });
      return keeps || (QUIET.has(name) && binding?.holds === "collection") ? "no" : "maybe";
    });
    return most(verdicts);
  }
}

function most(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes("yes") ? "yes" : verdicts.includes("maybe") ? "maybe" : "no";
}
