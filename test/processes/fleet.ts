/** Several servers on this machine, each with a control socket under `run/`, and patches for them. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync } from "node:fs";
import { onTestFinished } from "vitest";
import { ControlClient } from "../../src/control/client.ts";
import { encodePatch } from "../../src/patch/file.ts";
import type { StateName } from "../../src/runtime/state.ts";
import { runCli, type Ran } from "../cli/run-cli.ts";
import { guarded, patchOf, SOURCES, World } from "../runtime/world.ts";

const KEY = "app:src/shop.ts";
const RUNTIME_URL = new URL("runtime/index.ts", SOURCES).href;

export class Fleet {
  readonly world = new World();
  readonly children = new Map<string, ChildProcess>();

  /**
   * @param servers name of each, and what it does beside serving: `runtime` is what its control socket calls,
   * `listen` opens sockets
   */
  static async start(servers: Readonly<Record<string, string>>): Promise<Fleet> {
    const fleet = new Fleet();
    const { world } = fleet;
    mkdirSync(world.path("run"));
    chmodSync(world.path("run"), 0o700);
    world.writeHost("shop.mjs", { names: "award", body: `export ${guarded("award", "", "return 'old';")}` });
    world.writeHost("other/shop.mjs", { key: KEY, fingerprint: "other", names: "award", body: `export ${guarded("award", "", "return 'old';")}` });
    for (const sequence of [1, 2]) world.write(`fix-${sequence}.hotfix`, Buffer.from(encodePatch(patchOf({ [KEY]: { functions: "award", code: `function award() { return '${sequence}'; }` } }, sequence))).toString("utf8"));
    await Promise.all(Object.entries(servers).map(([name, more]) => fleet.add(name, more)));
    return fleet;
  }

  /** @param host the file of the host module */
  async add(name: string, more = "", host = "./shop.mjs"): Promise<void> {
    this.world.write(`${name}.mjs`, `import { award } from ${JSON.stringify(host)};
const { listen } = await import(${JSON.stringify(RUNTIME_URL)});
const runtime = globalThis[Symbol.for("ts-hotfix/runtime/1")];
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
${more}
await listen("run/${name}.sock"); process.send("up"); process.on("message", () => process.send(award()));`);
    const child = spawn(process.execPath, [`${name}.mjs`], { cwd: this.world.folder, stdio: ["ignore", "inherit", "ignore", "ipc"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    this.children.set(name, child);
    await once(child, "message");
  }

  /** What its patched function returns. */
  async call(name: string): Promise<unknown> {
    const child = this.#child(name);
    child.send("call");
    const [answer] = await once(child, "message");
    return answer;
  }

  async calls(): Promise<unknown[]> {
    return await Promise.all([...this.children.keys()].map((name) => this.call(name)));
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.#child(name).kill(signal);
  }

  async kill(name: string): Promise<void> {
    const child = this.#child(name);
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    this.children.delete(name);
  }

  async states(): Promise<StateName[]> {
    return await Promise.all([...this.children.keys()].map(async (name) => (await this.client(name).status()).state));
  }

  client(name: string): ControlClient {
    return new ControlClient(this.world.path(`run/${name}.sock`));
  }

  async run(args: string): Promise<Ran> {
    return await runCli(this.world.folder, args);
  }

  /** With `--json`: its exit code, and what it printed. */
  async json(args: string): Promise<any> { // each command prints another object
    const { status, stdout, stderr } = await this.run(`${args} --json`);
    if (stderr !== "") throw new Error(stderr);
    return { exit: status, ...JSON.parse(stdout) };
  }

  #child(name: string): ChildProcess {
    const child = this.children.get(name);
    if (child === undefined) throw new Error(`no process ${name}`);
    return child;
  }
}

/** `a: applied` */
export function outcomes(printed: { results: readonly { socket: string; outcome: string }[] }): string[] {
  return printed.results.map(({ socket, outcome }) => `${socket.replace(/^run\/(.*)\.sock$/, "$1")}: ${outcome}`);
}
