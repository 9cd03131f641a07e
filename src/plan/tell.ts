/** Classes and object literals with lifted functions say when they are there: a patch may have members to add. */
import type { ModuleAnalysis } from "../analyze/analysis.ts";
import type { InjectedNames } from "./names.ts";
import type { Tell } from "./plan.ts";

// export class Player { … } --> export class Player { … } $module.made("Player");
export function planTells({ parsed, bindings }: ModuleAnalysis, names: InjectedNames): readonly Tell[] {
  return bindings.flatMap((binding): Tell[] => {
    const [name] = binding.names;
    const statement = parsed.program.body.find(({ start, end }) => start <= binding.start && binding.end <= end);
    if (binding.lifted.length === 0 || name === undefined || statement === undefined) return [];
    return [{ op: "tell", at: statement.end, statements: `${names.module}.made(${JSON.stringify(name)});` }];
  });
}
