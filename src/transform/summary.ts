/** One line on how much of a build can be patched. */
import type { NonTargetReason } from "../analyze/analysis.ts";
import type { SourceModule } from "./project.ts";

/** `ts-hotfix: 41 functions can be patched, 7 cannot (5 methods, 2 callbacks at init)` */
export function describeCoverage(modules: readonly SourceModule[]): string {
  const targets = modules.reduce((sum, module) => sum + module.analysis.targets.length, 0);
  const counts = new Map<NonTargetReason, number>();
  for (const module of modules) {
    for (const { reason } of module.analysis.nonTargets) if (reason !== "nested function") counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const others = [...counts].toSorted((a, b) => b[1] - a[1]);
  const total = others.reduce((sum, [, count]) => sum + count, 0);
  const detail = others.map(([reason, count]) => `${reason}: ${count}`).join(", ");
  return `ts-hotfix: ${targets} functions can be patched${total === 0 ? "" : `, ${total} cannot (${detail})`}`;
}
