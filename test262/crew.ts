/** Child processes that run tests. One that dies, hangs or has grown old is replaced. */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { TestCase } from "./cases.ts";
import type { Measured, Request, Settings } from "./child/main.ts";
import type { Failure } from "./outcome.ts";
import type { Result } from "./results.ts";

const CHILD = fileURLToPath(new URL("child/main.ts", import.meta.url));
const FLAGS = ["--experimental-vm-modules", "--expose-gc", "--disable-warning=ExperimentalWarning", "--max-old-space-size=2048"];

/** Runs in one process: realms are heavy, and V8 keeps some of what they were. */
const MOST_RUNS = 1500;

/** Bytes of a process that has become slow by what it must collect. */
const MOST_MEMORY = 700e6;

export interface Crew {
  /** Processes at a time. */
  readonly jobs: number;
  /** Milliseconds that a process has for an answer. */
  readonly timeout: number;
  /** Ends the run; what has no answer by then gives no result. */
  readonly signal: AbortSignal;
}

/** @param each told of every result, in the order in which they come */
export async function runCases(cases: readonly TestCase[], settings: Settings, crew: Crew, each: (result: Result) => void): Promise<void> {
  const { jobs, signal } = crew;
  const queue = cases[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: Math.min(jobs, cases.length) }, async () => {
      const seat = new Seat(settings, crew);
      const leave = (): void => seat.leave();
      signal.addEventListener("abort", leave);
      for (const test of queue) {
        if (signal.aborted) break;
        const result = await runCase(test, seat);
        if (!signal.aborted) each(result);
      }
      signal.removeEventListener("abort", leave);
      leave();
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

function resultOf({ id }: TestCase, { plain, other, recompiled, broken, idle, time = 0 }: Partial<Measured>): Result {
  const left = recompiled?.left.flatMap(({ codes }) => codes) ?? [];
  if (idle) return { id, idle, left };
  if (plain === undefined || other === undefined) return { id, broken: broken ?? "no answer" };
  return { id, plain, other, targets: recompiled?.targets.length ?? 0, time, left };
}

/** How a process ends before its answer. */
type Loss = "timeout" | "lost";

/** Where one process stands after the other. */
class Seat {
  readonly #settings: Settings;
  readonly #timeout: number;
  readonly #signal: AbortSignal;
  #child: Child | undefined;

  constructor(settings: Settings, { timeout, signal }: Crew) {
    this.#settings = settings;
    this.#timeout = timeout;
    this.#signal = signal;
  }

  async ask(request: Request): Promise<Measured | Loss> {
    if (this.#signal.aborted) return "lost";
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
  #memory = 0;

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
    return this.#runs >= MOST_RUNS || this.#memory >= MOST_MEMORY;
  }

  stop(): void {
    this.#process.kill("SIGKILL");
  }

  ask(request: Request, timeout: number): Promise<Measured | Loss> {
    this.#runs++;
    return new Promise((resolve) => {
      const end = (answer: Measured | Loss): void => {
        clearTimeout(timer);
        this.#process.removeAllListeners("message").removeAllListeners("exit");
        resolve(answer);
      };
      const timer = setTimeout(() => end("timeout"), timeout);
      this.#process.once("exit", () => end("lost"));
      this.#process.once("message", (answer: Measured) => {
        this.#memory = answer.memory;
        end(answer);
      });
      this.#process.send(request, (error) => {
        if (error !== null) end("lost");
      });
    });
  }
}
