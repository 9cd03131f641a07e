/** A fresh realm with what test262 asks of a host. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { compileFunction, constants, createContext, runInContext, Script, type Context } from "node:vm";

/** Loads `import()` of scripts. */
export type ImportFromScript = (specifier: string, attributes: Readonly<Record<string, string>>) => Promise<unknown>;

export class Realm {
  readonly context: Context;
  /** Loads what scripts import; set before any of them runs. */
  load: ImportFromScript = () => Promise.reject(new Error("nothing can be imported here"));

  /** @param print told of every text that the test prints */
  constructor(print: (text: string) => void) {
    // an ordinary global object, without the interceptors that a sandbox has
    this.context = createContext(constants.DONT_CONTEXTIFY as unknown as Context);
    this.#define("print", (value: unknown) => print(String(value)));
    this.#define("$262", this.#host(print));
  }

  #define(name: string, value: unknown): void {
    Object.defineProperty(this.context, name, { value, writable: true, configurable: true, enumerable: false });
  }

  #host(print: (text: string) => void): unknown {
    const make = runInContext("(functions) => Object.defineProperties({ global: globalThis }, Object.getOwnPropertyDescriptors(functions))", this.context) as (functions: object) => unknown;
    let undetectable: unknown;
    return make({
      createRealm: () => (new Realm(print).context as { readonly $262: unknown }).$262,
      detachArrayBuffer: (buffer: ArrayBuffer) => void structuredClone(buffer, { transfer: [buffer] }),
      evalScript: (text: string) => runInContext(String(text), this.context, this.#importing("evalScript")) as unknown,
      gc: () => collectGarbage(),
      // a realm's own, made for the few tests that ask for it
      get IsHTMLDDA() {
        if (undetectable === undefined) undetectable = makeUndetectable();
        return undetectable;
      },
    });
  }

  /** A name that CommonJS code finds without declaring it. */
  provide(name: string, value: unknown): void {
    this.#define(name, value);
  }

  runHarness(suite: string, file: string): void {
    let script = harness.get(file);
    if (script === undefined) harness.set(file, (script = new Script(readFileSync(join(suite, "harness", file), "utf8"), { filename: file })));
    script.runInContext(this.context);
  }

  /** Throws what V8 throws of a text that does not parse. */
  compileScript(text: string, filename: string): () => unknown {
    const script = new Script(text, this.#importing(filename));
    return () => script.runInContext(this.context) as unknown;
  }

  /** The same as the body of a function of these parameters, called with the global object as `this`. */
  compileFunction(text: string, filename: string, parameters: Readonly<Record<string, unknown>>): () => unknown {
    const body = compileFunction(text, Object.keys(parameters), { parsingContext: this.context, ...this.#importing(filename) });
    return () => Reflect.apply(body, this.context, Object.values(parameters)) as unknown;
  }

  /** Calls a global of the realm by its path. */
  call(path: string, argument: unknown): unknown {
    return (runInContext(`(argument) => ${path}(argument)`, this.context) as (argument: unknown) => unknown)(argument);
  }

  #importing(filename: string): { readonly filename: string; readonly importModuleDynamically: never } {
    return { filename, importModuleDynamically: ((specifier: string, _: unknown, attributes: Readonly<Record<string, string>>) => this.load(specifier, attributes)) as never };
  }
}

const harness = new Map<string, Script>();

/** V8's own stand-in for `document.all`. */
function makeUndetectable(): unknown {
  return withNatives(() => new Function("return %GetUndetectable()")() as unknown);
}

function withNatives<T>(make: () => T): T {
  setFlagsFromString("--allow-natives-syntax");
  try {
    return make();
  } finally {
    setFlagsFromString("--no-allow-natives-syntax");
  }
}

function collectGarbage(): void {
  const { gc } = globalThis as { readonly gc?: () => void };
  if (gc === undefined) throw new Error("no --expose-gc");
  gc();
}
