/** Classes with lifted functions hand out their private names, which mean nothing outside of them: patch code is compiled there. */
import type { ModuleAnalysis } from "../analyze/analysis.ts";
import { privateMembers, type PrivateMember } from "../analyze/private-names.ts";
import type { InjectedNames } from "./names.ts";
import type { ClassBlock } from "./plan.ts";

// class Purse { #gold = 0; … } --> class Purse { static { $module.privates("Purse", () => ({ "#gold": { get: ($1) => $1.#gold, set: ($1, $v) => { $1.#gold = $v; }, has: ($1) => #gold in $1 } })); } #gold = 0; … }
export function planClassBlocks({ bindings }: ModuleAnalysis, names: InjectedNames, typed: boolean): readonly ClassBlock[] {
  return bindings.flatMap((binding): ClassBlock[] => {
    const [name] = binding.names;
    const container = binding.lifted[0]?.member?.container;
    if (name === undefined || (container?.type !== "ClassDeclaration" && container?.type !== "ClassExpression")) return [];
    const members = privateMembers(container);
    if (members.length === 0) return [];
    const accessors = members.map((each) => `${JSON.stringify(each.name)}: ${accessorsOf(each, names, typed ? ": any" : "")}`);
    return [{ op: "class block", at: container.body.start + 1, end: container.end, statements: `${names.module}.privates(${JSON.stringify(name)}, () => ({ ${accessors.join(", ")} }));` }];
  });
}

// --> { get: ($1) => $1.#gold, set: ($1, $v) => { $1.#gold = $v; }, has: ($1) => #gold in $1 }
function accessorsOf({ name, readable, writable }: PrivateMember, names: InjectedNames, type: string): string {
  const object = names.placeholder(0);
  // bundlers warn of code that reads what has a setter alone
  const get = readable ? `get: (${object}${type}) => ${object}.${name}, ` : "";
  const set = `set: (${object}${type}, ${names.value}${type}) => { ${object}.${name} = ${names.value}; }, `;
  return `{ ${get}${writable ? set : ""}has: (${object}${type}) => ${name} in ${object} }`;
}
