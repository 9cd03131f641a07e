/**
 * Runs before everything else in each process and thread of a run: says where modules register and, in a patched run, puts
 * the patch in place; modules that register later get theirs then.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMainThread, threadId } from "node:worker_threads";
import "./register.cjs";

const folder = process.env.TS_HOTFIX_SUITE;
const patch = join(folder, "patch.json");
if (existsSync(patch)) await putInPlace();

async function putInPlace() {
  const { apply, status } = await import("../../dist/runtime/index.js");
  const tell = (text) => writeFileSync(join(folder, `broken-${process.pid}-${threadId}.txt`), text);
  // A thread that joins has its process's patch already. To ask for it could wait for ever: whoever started the thread may stand still until it answers.
  if (!isMainThread) {
    if (status().state === "base") tell("a worker thread began without the patch");
  } else {
    const { outcome, diagnostics, error } = await apply(JSON.parse(readFileSync(patch, "utf8")));
    if (outcome !== "applied") tell(`${outcome}: ${JSON.stringify(diagnostics ?? error)}`);
  }
  process.on("exit", () => {
    const failed = status().modules.filter((module) => module.failed !== undefined && module.failed.length > 0);
    if (failed.length > 0) tell(JSON.stringify(failed));
  });
}
