/** Modules of one realm: linked by their paths, as test262 asks. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { SourceTextModule, SyntheticModule, type Module } from "node:vm";
import { MODULE_RUNTIME } from "../../src/plan/make-plan.ts";
import type { Register } from "../../src/runtime/registration.ts";
import type { Realm } from "./realm.ts";

/** Text of the module that a path names. */
export type ReadModule = (path: string) => string;

type Attributes = Readonly<Record<string, string>>;

/** Since Node.js 24.8; not yet in the types. */
interface Linkable {
  readonly moduleRequests: readonly { readonly specifier: string; readonly attributes: Attributes }[];
  linkRequests(modules: readonly Module[]): void;
  instantiate(): void;
}

export class ModuleLoader {
  readonly #realm: Realm;
  readonly #read: ReadModule;
  readonly #modules = new Map<string, Module>();
  readonly #linked = new Set<Module>();
  readonly #runtime: SyntheticModule;

  constructor(realm: Realm, read: ReadModule, register: Register) {
    this.#realm = realm;
    this.#read = read;
    this.#runtime = new SyntheticModule(["register"], function () {
      this.setExport("register", register);
    }, { context: realm.context, identifier: MODULE_RUNTIME });
  }

  /** Throws what V8 throws of a text that does not parse. */
  module(path: string, attributes: Attributes = {}): Module {
    const key = `${path}\n${JSON.stringify(attributes)}`;
    let module = this.#modules.get(key);
    if (module === undefined) this.#modules.set(key, (module = this.#make(path, attributes)));
    return module;
  }

  #make(path: string, { type }: Attributes): Module {
    const { context } = this.#realm;
    if (type === undefined) {
      return new SourceTextModule(this.#read(path), {
        context,
        identifier: path,
        initializeImportMeta: (meta) => void (meta.url = pathToFileURL(path).href),
        importModuleDynamically: ((specifier: string, _: unknown, attributes: Attributes) => this.import(path, specifier, attributes)) as never,
      });
    }
    const value: unknown = this.#readAs(type, path);
    return new SyntheticModule(["default"], function () {
      this.setExport("default", value);
    }, { context, identifier: path });
  }

  #readAs(type: string, path: string): unknown {
    if (type === "json") return this.#realm.call("JSON.parse", readFileSync(path, "utf8"));
    if (type === "text") return readFileSync(path, "utf8");
    throw this.#realm.call("TypeError", `no modules of the type ${type}`);
  }

  /** Links a module and all that it imports. Throws where a name is missing or ambiguous. */
  link(module: Module): void {
    this.#linkRequests(module);
    if (module.status === "unlinked") (module as unknown as Linkable).instantiate();
  }

  #linkRequests(module: Module): void {
    if (this.#linked.has(module) || !(module instanceof SourceTextModule)) return;
    this.#linked.add(module);
    const linkable = module as unknown as Linkable;
    const modules = linkable.moduleRequests.map(({ specifier, attributes }) => this.#resolve(module.identifier, specifier, attributes));
    linkable.linkRequests(modules);
    for (const each of modules) this.#linkRequests(each);
  }

  #resolve(from: string, specifier: string, attributes: Attributes): Module {
    return specifier === MODULE_RUNTIME ? this.#runtime : this.module(resolve(dirname(from), specifier), attributes);
  }

  /** `import()` in the code of `from`. */
  async import(from: string, specifier: string, attributes: Attributes): Promise<Module> {
    const module = this.#resolve(from, specifier, attributes);
    this.link(module);
    // a module may import itself while it runs
    while (module.status === "evaluating") await Promise.resolve();
    await module.evaluate();
    return module;
  }
}
