/** Classes and object literals with lifted functions say when they are there: a patch may have members to add. */
import type { ModuleAnalysis } from "../analyze/analysis.ts";
import { lastUpTo } from "../syntax/ordered.ts";
import type { InjectedNames } from "./names.ts";
import type { Tell } from "./plan.ts";

// export class Player { … } --> export class Player { … } $module.made("Player");
export function planTells({ parsed, bindings }: ModuleAnalysis, names: InjectedNames): readonly Tell[] {
  return bindings.flatMap((binding): Tell[] => {
    const [name] = binding.names;
    const statement = binding.lifted.length === 0 ? undefined : lastUpTo(parsed.program.body, binding.start);
    if (name === undefined || statement === undefined) return [];
    return [{ op: "tell", at: statement.end, statements: `${names.module}.made(${JSON.stringify(name)});` }];
  });
}
