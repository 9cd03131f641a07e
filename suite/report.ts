/** What a comparison came to, for people and as JSON. */
import type { Comparison } from "./compare.ts";
import type { SuiteOptions } from "./options.ts";
import type { Recompiled } from "./recompile.ts";
import type { Run } from "./run-tests.ts";
import type { TransformedCopy } from "./transform.ts";

export interface Report {
  readonly options: SuiteOptions;
  readonly copy: TransformedCopy;
  readonly recompiled: Recompiled | undefined;
  readonly plain: readonly Run[];
  readonly transformed: readonly Run[];
  readonly comparison: Comparison;
}

export function printReport({ options, copy, recompiled, plain, transformed, comparison }: Report): void {
  const { total, equal, differ, unstable } = comparison;
  const executed = union(transformed, "ran");
  const unpatched = union(transformed, "unpatched");
  const broken = [...new Set(transformed.flatMap((run) => run.broken))];
  const patched = recompiled && { targets: recompiled.targets.length, left: recompiled.left, unpatched: [...unpatched] };
  if (options.json) {
    const plainly = differ.map(({ test, plain: before, transformed: after }) => ({ test, plain: before, transformed: after }));
    process.stdout.write(`${JSON.stringify({ total, equal, differ: plainly, targets: copy.targets, targetsExecuted: executed.size, unstable, ...(patched ? { patched } : {}), ...(broken.length > 0 ? { broken } : {}) }, undefined, 2)}\n`);
  }
  for (const { test, plain: before, transformed: after, error } of differ) say(`\n${test}\n  plain ${before}, transformed ${after}${error === undefined ? "" : `\n  ${error.replaceAll("\n", "\n  ")}`}`);
  for (const text of broken) say(`\nIn a process of the tests: ${text}`);
  if (total === 0 || (differ.length > 0 && differ.every(({ transformed: after }) => after === "missing"))) say(`\n${(total === 0 ? plain : transformed).map((run) => run.output).join("\n")}`);
  for (const { test, plain: before, transformed: after } of unstable) say(`unstable: ${test}\n  plain ${before.join(", ")}; transformed ${after.join(", ")}`);
  for (const { target, codes } of recompiled?.left ?? []) say(`left as it is: ${target} ${codes.join(", ")}`);
  for (const target of unpatched) say(`not patched where it registered: ${target}`);
  say(`${equal} of ${total} tests equal, ${differ.length} differ${unstable.length > 0 ? `, ${unstable.length} unstable` : ""}; ${executed.size} of ${copy.targets} functions ran${patched ? `, ${patched.targets} patched` : ""}`);
}

function union(runs: readonly Run[], kind: string): ReadonlySet<string> {
  return new Set(runs.flatMap((run) => [...(run.notes.get(kind) ?? [])]));
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
