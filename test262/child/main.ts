/** A process that runs tests, one at a time, as its parent asks. Whatever kills it costs one test. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestCase } from "../cases.ts";
import { readFrontMatter } from "../front-matter.ts";
import type { Recompiled } from "../../suite/recompile.ts";
import type { Outcome } from "../outcome.ts";
import { recompileCase } from "./patch.ts";
import { runCase, type Form } from "./run-case.ts";
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

process.on("message", (request: Request) => void answer(request).then((result) => process.send?.(result)));
process.send?.("ready");

/** What a parent asks for. One side alone is asked for where both together killed the process. */
export interface Request {
  readonly test: TestCase;
  readonly side: "both" | "plain" | "other";
}

export interface Answer {
  readonly plain?: Outcome;
  readonly other?: Outcome;
  readonly recompiled?: Pick<Recompiled, "targets" | "left">;
  /** Patched, it would be the same: no function can be replaced. */
  readonly idle?: true;
  readonly broken?: string;
}

async function answer({ test, side }: Request): Promise<Answer> {
  try {
    const staged = new StagedCase(suite, test);
    const recompiled = patched ? recompile(test, staged) : undefined;
    if (patched && recompiled?.payload === undefined) return { idle: true, recompiled: { targets: [], left: recompiled?.left ?? [] } };
    const plain = side === "other" ? {} : { plain: await runCase(suite, test, form, {}) };
    if (side === "plain") return plain;
    const other = await runCase(suite, test, form, recompiled?.payload === undefined ? { staged } : { staged, patch: recompiled.payload.modules });
    return recompiled === undefined ? { ...plain, other } : { ...plain, other, recompiled: { targets: recompiled.targets, left: recompiled.left } };
  } catch (error) {
    return { broken: error instanceof Error ? error.stack ?? error.message : String(error) };
  }
}

function recompile(test: TestCase, staged: StagedCase): Recompiled | undefined {
  // code that does not parse has no functions
  return phaseExpected(test) === "parse" || !staged.parses ? undefined : recompileCase(staged);
}

function phaseExpected({ path }: TestCase): string | undefined {
  return readFrontMatter(readFileSync(join(suite, path), "utf8"))?.negative?.phase;
}
