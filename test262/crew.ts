/** Child processes that run tests. One that dies, hangs or has grown old is replaced. */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { TestCase } from "./cases.ts";
import type { Settings } from "./child/main.ts";
import type { Failure } from "./outcome.ts";
import type { Result } from "./results.ts";

const CHILD = fileURLToPath(new URL("child/main.ts", import.meta.url));
const FLAGS = ["--experimental-vm-modules", "--expose-gc", "--disable-warning=ExperimentalWarning", "--max-old-space-size=2048"];

/** Runs in one process: realms are heavy, and V8 keeps some of what they were. */
const MOST_RUNS = 1500;

/** @param each told of every result, in the order in which they come */
export async function runCases(cases: readonly TestCase[], settings: Settings, jobs: number, timeout: number, each: (result: Result) => void): Promise<void> {
  const queue = cases[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: Math.min(jobs, cases.length) }, async () => {
      let child: Child | undefined;
      for (const test of queue) {
        child ??= await Child.start(settings);
        each(await child.run(test, timeout));
        if (child.isSpent) {
          child.stop();
          child = undefined;
        }
      }
      child?.stop();
    }),
  );
}

class Child {
  readonly #process: ChildProcess;
  #runs = 0;
  #lost = false;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  static async start(settings: Settings): Promise<Child> {
    const process = fork(CHILD, [JSON.stringify(settings)], { execArgv: FLAGS, serialization: "json", stdio: ["ignore", "ignore", "inherit", "ipc"] });
    await new Promise<void>((resolve, reject) => {
      process.once("message", () => resolve());
      process.once("exit", (code) => reject(new Error(`a child process ended with ${code} before it began`)));
    });
    process.removeAllListeners("exit");
    return new Child(process);
  }

  get isSpent(): boolean {
    return this.#lost || this.#runs >= MOST_RUNS;
  }

  stop(): void {
    this.#process.kill("SIGKILL");
  }

  run(test: TestCase, timeout: number): Promise<Result> {
    this.#runs++;
    return new Promise((resolve) => {
      const end = (result: Result): void => {
        clearTimeout(timer);
        this.#process.removeAllListeners("message").removeAllListeners("exit");
        resolve(result);
      };
      const lose = (phase: Failure["phase"]): void => {
        this.#lost = true;
        this.stop();
        end({ id: test.id, broken: phase });
      };
      const timer = setTimeout(() => lose("timeout"), timeout);
      this.#process.once("exit", () => lose("lost"));
      this.#process.once("message", (result: Result) => end(result));
      this.#process.send(test);
    });
  }
}
