/** One run of a copy's tests, in a shell of its own. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { readOutcomes, type Outcomes } from "./outcomes.ts";
import { reportingCommand } from "./test-command.ts";

export interface RunRequest {
  readonly folder: string;
  readonly command: string;
  /** The run's own folder: reports, notes. */
  readonly notes: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeout: number;
}

export interface Run {
  readonly outcomes: Outcomes;
  /** The end of what the command printed. */
  readonly output: string;
  /** How it ended: an exit code or a signal. */
  readonly ended: string;
  /** `ran` and `unpatched`, with the functions. */
  readonly notes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Why the patch is not in place somewhere. */
  readonly broken: readonly string[];
}

export async function runTests({ folder, command, notes, env, timeout }: RunRequest): Promise<Run> {
  const report = join(notes, "report.json");
  const { runner, text } = reportingCommand(folder, command, report);
  const { stdout, output, ended } = await runShell(text, folder, { ...environment(folder), ...env, TS_HOTFIX_SUITE_REPORT: report }, timeout);
  return { outcomes: withEnd(readOutcomes(runner, report, stdout, folder), runner === "tap" || runner === "ava", ended, output), output, ended, ...readNotes(notes) };
}

/** A command whose tests nobody can tell apart is one test. */
function withEnd(outcomes: Outcomes, isTap: boolean, ended: string, output: string): Outcomes {
  if (!isTap && outcomes.size > 0) return outcomes;
  return new Map([...outcomes, ["(the command)", { outcome: ended === "0" ? "passed" : "failed", error: output }]]);
}

/** As a package manager gives it; snapshots are compared, never written. */
function environment(folder: string): NodeJS.ProcessEnv {
  const paths: string[] = [];
  for (let at = folder; dirname(at) !== at; at = dirname(at)) paths.push(join(at, "node_modules", ".bin"));
  const { NODE_OPTIONS: _, VITEST: __, NODE_ENV: ___, ...rest } = process.env;
  const own = Object.fromEntries(Object.entries(rest).filter(([name]) => !/^(VITEST|JEST|npm)_/.test(name)));
  return { ...own, PATH: [...paths, dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter), CI: "1", NO_COLOR: "1", FORCE_COLOR: "0" };
}

function runShell(text: string, cwd: string, env: NodeJS.ProcessEnv, timeout: number): Promise<{ readonly stdout: string; readonly output: string; readonly ended: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(text, { cwd, env, shell: true, detached: process.platform !== "win32", stdio: ["ignore", "pipe", "pipe"] });
    const killGroup = (): void => {
      if (child.pid !== undefined) process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
    };
    const timer = setTimeout(killGroup, timeout);
    // a group of its own outlives who started it
    const stop = (): never => {
      killGroup();
      process.exit(130);
    };
    process.once("SIGINT", stop).once("SIGTERM", stop);
    let stdout = "";
    let tail = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += String(chunk);
      tail = (tail + String(chunk)).slice(-6000);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      tail = (tail + String(chunk)).slice(-6000);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      process.off("SIGINT", stop).off("SIGTERM", stop);
      resolve({ stdout, output: tail, ended: signal === "SIGKILL" ? `not done within ${timeout / 1000} s` : String(signal ?? code) });
    });
  });
}

function readNotes(folder: string): Pick<Run, "notes" | "broken"> {
  const notes = new Map<string, Set<string>>();
  const broken: string[] = [];
  for (const file of readdirSync(folder)) {
    if (file.startsWith("broken-")) broken.push(readFileSync(join(folder, file), "utf8"));
    if (!file.startsWith("notes-")) continue;
    for (const line of readFileSync(join(folder, file), "utf8").split("\n")) {
      const at = line.indexOf(" ");
      if (at < 0) continue;
      const kind = line.slice(0, at);
      notes.set(kind, (notes.get(kind) ?? new Set<string>()).add(line.slice(at + 1)));
    }
  }
  return { notes, broken };
}
