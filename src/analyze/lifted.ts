/** Lifted functions → targets: like the module's own, but for what their place in a class or literal decides. */
import type { ModuleAnalysis, NonTarget, NonTargetReason, Target } from "./analysis.ts";
import { slotOf, type MemberFunction } from "./members.ts";
import { complete, readBareTarget, type BareTarget, type TargetFacts } from "./target.ts";

/** Undefined where no guard could forward its parameters. */
export function readLifted({ name, fn, member }: MemberFunction, facts: TargetFacts): Target | undefined {
  // The body of a class is strict code, whatever the module is.
  const target = readBareTarget(name, undefined, fn, { start: member.start, end: member.end }, { ...facts, strict: facts.strict || member.owner === "class" });
  if (target === undefined) return undefined;
  const { node } = member;
  const isMethod = node.type !== "Property" || node.method || member.accessor !== undefined;
  const lifted = {
    ...target,
    slot: slotOf(name),
    form: isMethod ? "method" : target.form,
    // Nobody can construct a method.
    forwards: isMethod ? { ...target.forwards, newTarget: false } : target.forwards,
    member,
  };
  return complete(lifted, () => usesOf(lifted, member, facts), facts);
}

function usesOf(target: BareTarget, member: Target["member"] & object, facts: TargetFacts): readonly string[] {
  const uses = facts.uses.within(target);
  return namesItsClass(target, member, facts) ? [...new Set([...uses, member.root])].toSorted() : uses;
}

/** A class has its own name twice: outside, and for its own body. */
function namesItsClass({ start, end }: BareTarget, { container, root }: Target["member"] & object, { scopes }: TargetFacts): boolean {
  if (root === "default") return false;
  const references = scopes.ofClass(container)?.variables.flatMap((variable) => variable.references) ?? [];
  return references.some(({ identifier }) => start <= identifier.range[0] && identifier.range[0] < end);
}

/** What lifting leaves out, with the reason that says more than the language's own. */
export function tellReason<Each extends NonTarget>(each: Each, reasons: ReadonlyMap<NonTarget["node"], NonTargetReason>): Each {
  const reason = reasons.get(each.node) ?? (MEMBERS.has(each.reason) ? "inner member" : each.reason);
  return { ...each, reason };
}

const MEMBERS: ReadonlySet<NonTargetReason> = new Set(["method", "accessor", "object member"]);

/** Offsets at which classes with lifted functions name themselves, by the name that the class has for its own body. */
export function classNames({ targets, scopes }: Pick<ModuleAnalysis, "targets" | "scopes">): ReadonlyMap<number, string> {
  const containers = new Map(targets.flatMap(({ member }) => (member?.owner === "class" && member.root !== "default" ? [[member.container, member.root] as const] : [])));
  return new Map([...containers].flatMap(([container, root]) => (scopes.ofClass(container)?.variables ?? []).flatMap(({ references }) => references.map(({ identifier }): [number, string] => [identifier.range[0], root]))));
}
