/** A process that runs tests, one at a time, as its parent asks. Whatever kills it costs one test. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestCase } from "../cases.ts";
import { readFrontMatter } from "../front-matter.ts";
import type { Recompiled } from "../../suite/recompile.ts";
import type { Outcome } from "../outcome.ts";
import { recompileCase } from "./patch.ts";
import { runCase, type Form } from "./run-case.ts";
import { Stage, StagedCase } from "./staged.ts";

export interface Settings {
  readonly suite: string;
  readonly form: Form;
  readonly patched: boolean;
  readonly lift: boolean;
  /** A folder for what the processes write; the parent's to remove. */
  readonly scratch: string;
}

const { suite, form, patched, lift, scratch } = JSON.parse(process.argv[2] ?? "{}") as Settings;
const stage = new Stage(scratch);

// what a test leaves behind, rejections above all, is not the runner's
process.on("unhandledRejection", () => {});
process.on("uncaughtException", () => {});

// an interrupted run is its parent's to end
process.on("SIGINT", () => {});

process.on("message", (request: Request) => void reply(request, process.cpuUsage()));

async function reply(request: Request, before: NodeJS.CpuUsage): Promise<void> {
  const result = await answer(request);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ ...result, time: (user + system) / 1000, memory: process.memoryUsage.rss() });
}

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

/** What a process sends: also what the answer took in milliseconds of processor time, and the bytes that it has now. */
export type Measured = Answer & { readonly time: number; readonly memory: number };

async function answer({ test, side }: Request): Promise<Answer> {
  try {
    const staged = new StagedCase(suite, test, lift, stage);
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
