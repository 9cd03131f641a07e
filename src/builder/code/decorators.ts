/** Classes with decorators in patch code: the host's compiler made calls of its own library of them, which a patch cannot reach. */
import type { Node } from "oxc-parser";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import { walk } from "../../syntax/walk.ts";
import type { ModuleChange } from "../classify/classify.ts";

/** The first of each function, variable or statement that goes in. */
export function refuseDecorators({ module, replaced, added, variables, copies, statements }: ModuleChange): readonly Diagnostic[] {
  const { parsed } = module.after.analysis;
  return [...replaced, ...added, ...variables, ...copies, ...statements].flatMap(({ name, node }): Diagnostic[] => {
    const found = findDecorated(node);
    if (found === undefined) return [];
    const what = found.type === "Decorator" ? "a class with decorators" : "a class with an `accessor` field";
    return [diagnostic("HF1109", "refusal", { name, what }, placeAt(parsed.file, parsed.text, found.start, found.end))];
  });
}

function findDecorated(root: Node): Node | undefined {
  let found: Node | undefined;
  walk(root, {
    enter(node) {
      if (node.type === "Decorator" || node.type === "AccessorProperty") found ??= node;
      return found === undefined;
    },
  });
  return found;
}
