/** `npm run replay`: real bug fixes of a library, as hot fixes of a process that runs it. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileKinds } from "./files.ts";
import type { Judged } from "./judge.ts";
import { parseOptions, type ReplayOptions } from "./options.ts";
import { replayCommit } from "./replay-commit.ts";
import { describeVerdict, printReport } from "./report.ts";
import { Repository, type Commit } from "./repository.ts";
import { makeScratch, stageCommit } from "./stage.ts";

await main(parseOptions(process.argv.slice(2)));

async function main(options: ReplayOptions): Promise<void> {
  const kinds = fileKinds(options);
  const scratch = makeScratch();
  // Three processes a commit load the same code.
  process.env["NODE_COMPILE_CACHE"] ??= join(scratch, "compiled");
  const judged: Judged[] = [];
  const clear = (): void => (options.keep ? say(`kept: ${scratch}`) : rmSync(scratch, { recursive: true, force: true }));
  process.once("SIGINT", () => {
    printReport(options.folder, judged, options.json);
    clear();
    process.exit(130);
  });
  try {
    const repository = new Repository(options.folder);
    for (const commit of repository.commits(options.commits)) {
      if (!isFix(commit, kinds)) continue;
      const verdict = await replayCommit(commit, stageCommit(repository, commit, kinds, { scratch, ...options }), options);
      judged.push(verdict);
      say(`${commit.hash.slice(0, 8)} ${verdict.result.verdict.padEnd(10)} ${commit.subject.slice(0, 70)} · ${describeVerdict(verdict)}`);
      if (judged.filter((each) => each.result.verdict !== "untestable").length >= options.limit) break;
    }
    if (judged.length === 0) say("No commit changes sources and tests.");
    printReport(options.folder, judged, options.json);
    process.exitCode = judged.some((each) => each.result.verdict === "wrong") ? 2 : 0;
  } catch (error) {
    say(`replay: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    clear();
  }
}

function isFix({ files }: Commit, kinds: ReturnType<typeof fileKinds>): boolean {
  return files.some((file) => kinds.isSource(file)) && files.some((file) => kinds.isTest(file));
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
