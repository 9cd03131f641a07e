/** Child processes that run tests. One that dies, hangs or has grown old is replaced. */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { TestCase } from "./cases.ts";
import type { Answer, Request, Settings } from "./child/main.ts";
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
      const seat = new Seat(settings, timeout);
      for (const test of queue) each(await runCase(test, seat));
      seat.leave();
    }),
  );
}

async function runCase(test: TestCase, seat: Seat): Promise<Result> {
  const both = await seat.ask({ test, side: "both" });
  if (typeof both !== "string") return resultOf(test, both);
  const plain = await seat.ask({ test, side: "plain" });
  const other = await seat.ask({ test, side: "other" });
  if (typeof plain !== "string" && typeof other !== "string") return resultOf(test, { ...plain, ...other });
  return resultOf(test, {
    ...(typeof plain === "string" ? { plain: lost(plain) } : plain),
    ...(typeof other === "string" ? { other: lost(other) } : other),
  });
}

function lost(phase: Loss): Failure {
  return { ended: "failed", phase, error: "none", message: "" };
}

function resultOf({ id }: TestCase, { plain, other, recompiled, broken, idle }: Answer): Result {
  const left = recompiled?.left.flatMap(({ codes }) => codes) ?? [];
  if (idle) return { id, idle, left };
  if (plain === undefined || other === undefined) return { id, broken: broken ?? "no answer" };
  return { id, plain, other, targets: recompiled?.targets.length ?? 0, left };
}

/** How a process ends before its answer. */
type Loss = "timeout" | "lost";

/** Where one process stands after the other. */
class Seat {
  readonly #settings: Settings;
  readonly #timeout: number;
  #child: Child | undefined;

  constructor(settings: Settings, timeout: number) {
    this.#settings = settings;
    this.#timeout = timeout;
  }

  async ask(request: Request): Promise<Answer | Loss> {
    this.#child ??= await Child.start(this.#settings);
    const answer = await this.#child.ask(request, this.#timeout);
    if (typeof answer === "string" || this.#child.isOld) this.leave();
    return answer;
  }

  leave(): void {
    this.#child?.stop();
    this.#child = undefined;
  }
}

class Child {
  readonly #process: ChildProcess;
  #runs = 0;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  static async start(settings: Settings): Promise<Child> {
    const process = fork(CHILD, [JSON.stringify(settings)], { execArgv: FLAGS, serialization: "json", stdio: ["ignore", "ignore", "ignore", "ipc"] });
    await new Promise<void>((resolve, reject) => {
      process.once("message", () => resolve());
      process.once("exit", (code) => reject(new Error(`a child process ended with ${code} before it began`)));
    });
    process.removeAllListeners("exit");
    return new Child(process);
  }

  get isOld(): boolean {
    return this.#runs >= MOST_RUNS;
  }

  stop(): void {
    this.#process.removeAllListeners().kill("SIGKILL");
  }

  ask(request: Request, timeout: number): Promise<Answer | Loss> {
    this.#runs++;
    return new Promise((resolve) => {
      const end = (answer: Answer | Loss): void => {
        clearTimeout(timer);
        this.#process.removeAllListeners("message").removeAllListeners("exit");
        resolve(answer);
      };
      const timer = setTimeout(() => end("timeout"), timeout);
      this.#process.once("exit", () => end("lost"));
      this.#process.once("message", (answer: Answer) => end(answer));
      this.#process.send(request);
    });
  }
}
