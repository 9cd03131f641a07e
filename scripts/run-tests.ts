/**
 * `npm run check:tests`: both projects of vitest.config.ts at once. Tests of what happens within milliseconds run by themselves, one
 * after the other; the others give way to them, so that a minute and a half of waiting is not spent twice.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";

const VITEST = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));

const run = (project: string, stdio: "inherit" | "pipe"): ChildProcess => spawn(process.execPath, [VITEST, "run", "--project", project], { stdio: ["inherit", stdio, stdio], env: { ...process.env, ...(stdio === "pipe" && process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}) } });

const alone = run("alone", "pipe");
const said: Buffer[] = [];
alone.stdout?.on("data", (chunk: Buffer) => void said.push(chunk));
alone.stderr?.on("data", (chunk: Buffer) => void said.push(chunk));
const aloneEnds = once(alone, "exit") as Promise<[number | null]>;
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const together = run("together", "inherit");
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    for (const each of [alone, together]) each.kill(signal);
  });
}
const [[ended], [endedAlone]] = await Promise.all([once(together, "exit") as Promise<[number | null]>, aloneEnds]);
process.stdout.write(Buffer.concat(said));
process.exitCode = ended === 0 && endedAlone === 0 ? 0 : 1;
