/** `require` in patch code: the host's own, which finds the files that the host was built from. */
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import { walk } from "../../syntax/walk.ts";
import { piecesOf, type CodeRequest } from "../code/pieces.ts";
import type { JavaScript } from "../code/javascript.ts";
import type { LoadedTree } from "../load/load.ts";
import type { WorldModule } from "../world/module.ts";

/** Modules of the project that the running build does not have: the call would throw on the host. */
export function checkRequires(module: WorldModule, javascript: JavaScript, request: CodeRequest, { manifest, base }: LoadedTree): readonly Diagnostic[] {
  const { analysis } = javascript;
  if (analysis.parsed.sourceType !== "commonjs") return [];
  const free = new Set(analysis.scopes.unresolved.map(({ identifier }) => identifier.range[0]));
  return piecesOf(analysis, request).flatMap((piece) => {
    const found: Diagnostic[] = [];
    walk(piece.node, {
      enter(node) {
        if (node.type !== "CallExpression" || node.callee.type !== "Identifier" || node.callee.name !== "require" || !free.has(node.callee.start)) return;
        const [specifier] = node.arguments;
        const origin = specifier?.type === "Literal" && typeof specifier.value === "string" ? module.originOf(specifier.value) : undefined;
        if (!origin || !("module" in origin) || base.has(origin.module) || manifest.outside[origin.module] !== undefined) return;
        const own = module.analysis.targets.find((target) => target.name === piece.name) ?? module.analysis.bindings.find((binding) => binding.name === piece.name);
        found.push(diagnostic("HF1405", "refusal", { target: piece.name, module: origin.module }, placeAt(module.file, module.analysis.parsed.text, own?.start ?? 0, own?.end ?? 0)));
      },
    });
    return found;
  });
}
