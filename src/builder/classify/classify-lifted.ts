/** What of a lifted function cannot leave its class or object literal. See docs/lifting.md. */
import type { Node } from "oxc-parser";
import type { Binding, ModuleAnalysis, Target } from "../../analyze/analysis.ts";
import { privateUses } from "../../analyze/private-names.ts";
import { diagnostic, type Diagnostic, type Place } from "../../messages/diagnostic.ts";
import { SUPER_NAME } from "../../patch/lift-names.ts";
import { superIn } from "../code/lifted.ts";
import type { Outline } from "../world/outline.ts";

export function refuseLifted(target: Target, analysis: ModuleAnalysis, before: Outline, place: Place): readonly Diagnostic[] {
  const { name, member, uses } = target;
  if (member === undefined) return [];
  const binding = analysis.bindings.find((each) => each.lifted.includes(target));
  const isAssigned = binding?.assigned === true || before.bindings.some((each) => each.assigned && each.names.includes(member.root));
  const hidden = hiddenName(target, before);
  const fault = analysis.identifiers.has(SUPER_NAME) && superIn(target) ? `its module uses the name \`${SUPER_NAME}\`` : superFault(target, binding, isAssigned);
  return [
    ...(hidden === undefined ? [] : [diagnostic("HF1120", "refusal", { name, ...hidden }, place)]),
    ...(fault === undefined ? [] : [diagnostic("HF1121", "refusal", { name, why: fault }, place)]),
    ...(isAssigned && member.owner === "class" && uses.includes(member.root) ? [diagnostic("HF1127", "refusal", { name, class: member.root }, place)] : []),
  ];
}

function superFault(target: Target, binding: Binding | undefined, isAssigned: boolean): string | undefined {
  const { member } = target;
  const where = superIn(target);
  if (where === undefined || member === undefined) return undefined;
  if (member.owner === "object") return "an object literal has no name of its own to start from";
  if (member.root === "default") return "its class has no name";
  if (isAssigned) return "something else is assigned to the name of its class";
  if (isDecorated(member.container)) return "a decorator may have put another class in the place of its own";
  return where === "parameters" && binding ? "it stands in the parameters, which run before the body" : undefined;
}

function isDecorated(node: Node): boolean {
  return (node.type === "ClassDeclaration" || node.type === "ClassExpression") && node.decorators.length > 0;
}

/** A private name of the class that patch code cannot reach. */
function hiddenName({ fn, member }: Target, before: Outline): { readonly private: string; readonly why: string } | undefined {
  const handedOut = new Set(before.bindings.find(({ names }) => names[0] === member?.root)?.members?.privates);
  for (const { name, inChain } of privateUses(fn)) {
    if (!handedOut.has(name)) return { private: name, why: "the running class hands out no such name" };
    if (inChain) return { private: name, why: "it stands behind `?.` in a chain" };
  }
  return undefined;
}
