/** Programs in processes of their own, which are started, asked, killed and started again. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { encodePatch } from "../../src/patch/file.ts";
import type { PatchPayload } from "../../src/patch/payload.ts";
import type { Status } from "../../src/runtime/status.ts";
import { emitHost, guarded, MODULE_URL, patchOf, World, type HostModule, type PatchSketch } from "./world.ts";

export const KEY = "app:src/shop.ts";
/** As built: it starts several times faster than the sources. */
const BUILT = new URL("../../dist/src/", import.meta.url);
/** What programs import, in JSON. */
export const RUNTIME: string = JSON.stringify(new URL("runtime/index.js", BUILT).href);
/** Path of a built file. */
export function built(file: string): string {
  return fileURLToPath(new URL(file, BUILT));
}

/** `first` is what the target said when the module was evaluated. */
export const SHOP: HostModule = { key: KEY, names: "award first", body: `export ${guarded("award", "", "return 'old';")}\nexport const first = award();` };

export function fix(sequence: number, sketch: Partial<PatchSketch> = {}): PatchPayload {
  return patchOf({ [KEY]: { functions: "award", code: guarded("award", "", `return 'new ${sequence}';`), ...sketch } }, sequence);
}

export interface Running {
  readonly child: ChildProcess;
  /** Everything on its standard error so far. */
  readonly stderr: () => string;
  /** Evaluates an expression there; `shop` and `hotfix` are in scope. */
  ask<T = unknown>(expression: string): Promise<T>;
  /** Ends it: 0 in order, a signal as if from outside. Resolves when it has ended. */
  end(how?: number | NodeJS.Signals): Promise<void>;
}

export class Program {
  readonly world: World = new World();
  readonly env: Record<string, string> = {};

  constructor() {
    this.host("shop.mjs", SHOP);
    this.env["TS_HOTFIX_STATE_DIR"] = this.directory;
    this.main();
  }

  host(file: string, host: HostModule): void {
    const register = new URL("runtime/module.js", BUILT);
    this.world.write(file, emitHost(file, host).replaceAll(MODULE_URL, register.href).replaceAll(fileURLToPath(MODULE_URL), fileURLToPath(register)));
  }

  get directory(): string {
    return this.world.path("state");
  }

  /** The main module. @param text what comes before it answers */
  main(text = ""): void {
    this.world.write("main.mjs", `import * as shop from "./shop.mjs"; import * as hotfix from ${RUNTIME};
${text}
process.on("message", async ({ id, expression }) => {
  try { process.send({ id, value: await eval(expression) }); } catch (error) { process.send({ id, error: String(error) }); }
});
process.send("ready");`);
  }

  write(name: string, payload: PatchPayload): string {
    return this.world.write(name, Buffer.from(encodePatch(payload)).toString("utf8"));
  }

  launch(main = "main.mjs", execArgv: readonly string[] = []): Running & { readonly ready: Promise<boolean> } {
    const child = fork(this.world.path(main), [], { cwd: this.world.folder, env: { ...process.env, ...this.env }, execArgv: [...execArgv], stdio: ["ignore", "ignore", "pipe", "ipc"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    let asked = 0;
    const exited = once(child, "exit");
    const answers = new Map<number, (answer: { readonly value?: unknown; readonly error?: string }) => void>();
    const ready = new Promise<boolean>((done) => {
      child.on("message", (message: "ready" | { readonly id: number; readonly value?: unknown; readonly error?: string }) => (message === "ready" ? done(true) : answers.get(message.id)?.(message)));
      child.on("exit", () => done(false));
    });
    return {
      child,
      ready,
      stderr: () => stderr,
      ask: <T>(expression: string): Promise<T> =>
        new Promise((done, fail) => {
          const id = ++asked;
          answers.set(id, ({ value, error }) => (error === undefined ? done(value as T) : fail(new Error(error))));
          child.once("exit", () => fail(new Error(`it ended; ${stderr}`)));
          child.send({ id, expression }, (error) => error !== null && fail(error));
        }),
      end: async (how = 0) => {
        if (typeof how === "string") child.kill(how);
        else if (child.connected) child.send({ id: 0, expression: `process.exit(${how})` }, () => {});
        await exited;
      },
    };
  }

  async start(main?: string, execArgv?: readonly string[]): Promise<Running> {
    const running = this.launch(main, execArgv);
    if (!(await running.ready)) throw new Error(`it did not start: ${running.stderr()}`);
    return running;
  }

  /** One life: starts, asks, ends in order. */
  async live<T>(expression: string, main?: string, execArgv?: readonly string[]): Promise<{ readonly value: T; readonly stderr: string }> {
    const running = await this.start(main, execArgv);
    const value = await running.ask<T>(expression);
    await running.end();
    return { value, stderr: running.stderr() };
  }

  history(): readonly Record<string, unknown>[] {
    return readFileSync(`${this.directory}/history.jsonl`, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  aside(): readonly string[] {
    return readdirSync(this.world.folder).includes("state") && readdirSync(this.directory).includes("set-aside") ? readdirSync(`${this.directory}/set-aside`) : [];
  }
}

/** What a program says of itself. */
export const SAYS = "[shop.first, shop.award(), hotfix.status()]";
/** What the module said when it was evaluated, and what it says now, when that is the value or some seconds are over. */
export const until = (value: string): string => `new Promise((done) => { const end = Date.now() + 8000; const look = () => shop.award() === ${JSON.stringify(value)} || Date.now() > end ? done([shop.first, shop.award()]) : setTimeout(look, 20); look(); })`;
export type Said = [first: string, now: string, status: Status];
