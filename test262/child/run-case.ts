/** One run of one test, plain or transformed, in a realm of its own. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import type { Module } from "node:vm";
import { Host } from "../../src/runtime/host.ts";
import { InitEntries } from "../../src/runtime/init.ts";
import type { Diagnostic } from "../../src/messages/diagnostic.ts";
import type { PatchModule } from "../../src/patch/payload.ts";
import type { TestCase } from "../cases.ts";
import { readFrontMatter, type FrontMatter } from "../front-matter.ts";
import { COMPLETED, judge, threw, type Event, type Outcome } from "../outcome.ts";
import { ModuleLoader } from "./loader.ts";
import { activate } from "./patch.ts";
import { Realm } from "./realm.ts";
import type { StagedCase } from "./staged.ts";

/** What CommonJS code is: a script, or the body of a function. */
export type Form = "script" | "function";

export interface Side {
  /** Undefined: the test as it stands. */
  readonly staged?: StagedCase;
  /** What a patch puts upon its modules. */
  readonly patch?: readonly PatchModule[];
}

/** Turns of the event loop in which an asynchronous test must end that waits for nothing but promises. */
const MOST_TURNS = 100;
/** The same, of one that may wait for a timer or the garbage collector, in milliseconds. */
const LONGEST_WAIT = 2000;

export async function runCase(suite: string, test: TestCase, form: Form, side: Side): Promise<Outcome> {
  const path = join(suite, test.path);
  const text = readFileSync(path, "utf8");
  const matter = readFrontMatter(text) as FrontMatter;
  const run = new Run(suite, test, path, form, side);
  for (const file of matter.flags.has("raw") ? [] : ["assert.js", "sta.js", ...(matter.flags.has("async") ? ["doneprintHandle.js"] : []), ...matter.includes]) run.realm.runHarness(suite, file);
  const event = test.kind === "module" ? await run.runModule() : run.runScript(test.prefix + text);
  const ended = event.is === "completed" && matter.flags.has("async") ? await run.awaitDone(/Atomics|FinalizationRegistry|setTimeout/.test(text)) : event;
  return judge(ended, matter);
}

/** Text in place of an imported module that the transformer refuses: it does not parse. */
const REFUSED = "?";

function refused(diagnostics: readonly Diagnostic[]): Event {
  const [first] = diagnostics;
  return { is: "threw", phase: "parse", error: first?.code === "HF0002" ? "SyntaxError" : first?.code ?? "none", message: first?.message ?? "" };
}

class Run {
  readonly realm: Realm;
  readonly #loader: ModuleLoader;
  readonly #path: string;
  readonly #test: TestCase;
  readonly #form: Form;
  readonly #staged: StagedCase | undefined;
  readonly #printed: string[] = [];

  constructor(suite: string, test: TestCase, path: string, form: Form, { staged, patch }: Side) {
    this.#test = test;
    this.#path = path;
    this.#form = form;
    this.#staged = staged;
    this.realm = new Realm((text) => this.#printed.push(text));
    const host = new Host(new InitEntries());
    const register = host.register.bind(host);
    this.#loader = new ModuleLoader(this.realm, (file) => this.#readModule(file), register);
    this.realm.load = (specifier, attributes) => this.#loader.import(path, specifier, attributes);
    this.realm.provide("require", () => ({ register }));
    if (patch !== undefined) activate(host, patch, this.realm.context, (key, specifier, attributes) => this.#importFor(join(suite, key.slice(key.indexOf(":") + 1)), specifier, attributes));
  }

  /** What patch code gets from its `import()`: a promise of the realm. */
  #importFor(from: string, specifier: string, attributes: Readonly<Record<string, string>>): Promise<unknown> {
    const load = async (): Promise<object> => (await this.#loader.import(from, String(specifier), attributes)).namespace;
    return this.realm.call("Promise.resolve", load()) as Promise<unknown>;
  }

  #readModule(file: string): string {
    if (this.#staged === undefined) return readFileSync(file, "utf8");
    const emitted = file === this.#path && this.#test.kind === "module" ? this.#staged.emitEntry("module") : this.#staged.emitModule(file);
    return typeof emitted === "string" ? emitted : REFUSED;
  }

  runScript(plain: string): Event {
    const text = this.#staged === undefined ? plain : this.#staged.emitEntry("script");
    if (typeof text !== "string") return refused(text);
    let run: () => unknown;
    try {
      run = this.#form === "script" ? this.realm.compileScript(text, this.#path) : this.realm.compileFunction(text, this.#path, this.#commonJs());
    } catch (error) {
      return threw("parse", error);
    }
    try {
      run();
      return COMPLETED;
    } catch (error) {
      return threw("runtime", error);
    }
  }

  #commonJs(): Readonly<Record<string, unknown>> {
    const module = { exports: {} };
    const { require } = this.realm.context as { readonly require?: unknown };
    return { exports: module.exports, require, module, __filename: this.#path, __dirname: "" };
  }

  async runModule(): Promise<Event> {
    const emitted = this.#staged?.emitEntry("module") ?? "";
    if (typeof emitted !== "string") return refused(emitted);
    let module: Module;
    try {
      module = this.#loader.module(this.#path);
    } catch (error) {
      return threw("parse", error);
    }
    try {
      this.#loader.link(module);
    } catch (error) {
      return threw("resolution", error);
    }
    try {
      await module.evaluate();
      return COMPLETED;
    } catch (error) {
      return threw("runtime", error);
    }
  }

  /** Waits until the test says that it is done. */
  async awaitDone(patient: boolean): Promise<Event> {
    const deadline = performance.now() + (patient ? LONGEST_WAIT : 0);
    for (let turns = 0; this.#printed.length === 0 && turns < MOST_TURNS; turns++) await setImmediate();
    while (this.#printed.length === 0 && performance.now() < deadline) await setTimeout(10);
    const [said] = this.#printed;
    if (said === undefined) return { is: "threw", phase: "async", error: "none", message: "never done" };
    if (said === "Test262:AsyncTestComplete") return COMPLETED;
    const failure = /^Test262:AsyncTestFailure:(\w+): ([^]*)$/.exec(said);
    return { is: "threw", phase: "async", error: failure?.[1] ?? "none", message: failure?.[2] ?? said };
  }
}
