/** A process that runs tests, one at a time, as its parent asks. Whatever kills it costs one test. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestCase } from "../cases.ts";
import { readFrontMatter } from "../front-matter.ts";
import type { Recompiled } from "../../suite/recompile.ts";
import type { Outcome } from "../outcome.ts";
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
  readonly broken?: string;
}

async function answer({ test, side }: Request): Promise<Answer> {
  try {
    const plain = side === "other" ? {} : { plain: await runCase(suite, test, form, {}) };
    return side === "plain" ? plain : { ...plain, ...(await runOther(test)) };
  } catch (error) {
    return { broken: error instanceof Error ? error.stack ?? error.message : String(error) };
  }
}

async function runOther(test: TestCase): Promise<Answer> {
  const staged = new StagedCase(suite, test);
  // code that does not parse has no functions
  if (!patched || phaseExpected(test) === "parse" || !staged.parses) return { other: await runCase(suite, test, form, { staged }) };
  const { payload, targets, left } = recompileCase(staged);
  const side: Side = payload === undefined ? { staged } : { staged, patch: payload.modules };
  return { other: await runCase(suite, test, form, side), recompiled: { targets, left } };
}

function phaseExpected({ path }: TestCase): string | undefined {
  return readFrontMatter(readFileSync(join(suite, path), "utf8"))?.negative?.phase;
}
