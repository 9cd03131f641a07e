/** Starts the processes of a replay. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Job, JobResult } from "./child/job.ts";

const CHILD = fileURLToPath(new URL("child/run-job.ts", import.meta.url));

export interface Failure {
  /** Why the process gave no result. */
  readonly failure: string;
}

/** @param timeout in milliseconds */
export async function runProcess(job: Job, timeout: number): Promise<JobResult | Failure> {
  return await new Promise((resolve) => {
    const child = fork(CHILD, { stdio: ["ignore", "ignore", "pipe", "ipc"], cwd: job.base.folder, execArgv: ["--disable-warning=ExperimentalWarning"], env: { ...process.env, NODE_ENV: "test" } });
    const timer = setTimeout(() => child.kill("SIGKILL"), timeout);
    let errors = "";
    let answer: JobResult | Failure | undefined;
    child.stderr?.on("data", (chunk: Buffer) => {
      errors = (errors + String(chunk)).slice(-4000);
    });
    child.on("message", (message: { readonly result?: JobResult; readonly error?: string }) => {
      answer = message.result ?? { failure: message.error ?? "no result" };
    });
    child.on("error", (error) => resolve({ failure: error.message }));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve(answer ?? { failure: signal === "SIGKILL" ? `not done within ${timeout / 1000} s` : `the process ended with ${signal ?? code}: ${errors.trim().split("\n").slice(-6).join(" | ")}` });
    });
    child.send(job);
  });
}

export function isFailure(result: JobResult | Failure): result is Failure {
  return "failure" in result;
}
