/** Runs generated CommonJS programs in this process, plain or transformed, against the real runtime. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import vm from "node:vm";
import { register } from "../../src/runtime/module.ts";
import { applyPlanToText } from "../../src/rewrite/text.ts";
import { isPlanned, openProject, type Project } from "../../src/transform/project.ts";

export interface Loaded {
  main(): Promise<string>;
}

export class Laboratory {
  readonly folder: string;
  #count = 0;

  constructor() {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), "ts-hotfix-property-")));
    writeFileSync(join(this.folder, "package.json"), '{ "name": "property" }');
  }

  /** A file name that no program has had: modules stay registered for the life of the process. */
  nextFile(): string {
    return join(this.folder, `program${this.#count++}.cjs`);
  }

  project(): Project {
    return openProject("property", {}, this.folder);
  }

  /** The transformed text of a file's present content. */
  transform(project: Project, file: string, text: string): string {
    writeFileSync(file, text);
    const planned = project.plan(file, text, { format: "cjs", table: { form: "constant" } });
    if (!isPlanned(planned)) throw new Error(JSON.stringify(planned));
    return applyPlanToText(text, planned.plan, file).code;
  }

  load(file: string, code: string): Loaded {
    const module = { exports: {} };
    const own = createRequire(file);
    const require = (id: string): unknown => (id === "ts-hotfix/module" ? { register } : own(id));
    vm.compileFunction(code, ["exports", "require", "module", "__filename", "__dirname"], { filename: file })(module.exports, require, module, file, this.folder);
    return module.exports as Loaded;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
