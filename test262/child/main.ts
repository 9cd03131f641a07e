/** A process that runs tests, one at a time, as its parent asks. Whatever kills it costs one test. */
import type { TestCase } from "../cases.ts";
import type { Result } from "../results.ts";
import { recompileCase } from "./patch.ts";
import { runCase, type Form, type Side } from "./run-case.ts";
import { StagedCase } from "./staged.ts";

export interface Settings {
  readonly suite: string;
  readonly form: Form;
  readonly patched: boolean;
}

const { suite, form, patched } = JSON.parse(process.argv[2] ?? "{}") as Settings;

// what a test leaves behind, rejections above all, is not the runner's
process.on("unhandledRejection", () => {});
process.on("uncaughtException", () => {});

process.on("message", (test: TestCase) => void run(test).then((result) => process.send?.(result)));
process.send?.("ready");

async function run(test: TestCase): Promise<Result> {
  try {
    const plain = await runCase(suite, test, form, {});
    const staged = new StagedCase(suite, test);
    const recompiled = patched ? recompileCase(staged) : undefined;
    const side: Side = recompiled?.payload === undefined ? { staged } : { staged, patch: recompiled.payload.modules };
    const other = await runCase(suite, test, form, side);
    return { id: test.id, plain, other, targets: recompiled?.targets.length ?? 0, left: recompiled?.left.flatMap(({ codes }) => codes) ?? [] };
  } catch (error) {
    return { id: test.id, broken: error instanceof Error ? error.stack ?? error.message : String(error) };
  }
}
