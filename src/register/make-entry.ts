/** Makes entries: what needs the parser. Loaded for the first file that the cache does not have. */
import { diagnostic, HotfixError, type Diagnostic } from "../messages/diagnostic.ts";
import { applyPlanToText } from "../rewrite/text.ts";
import { moduleFacts } from "../transform/build-facts.ts";
import { parseWithoutSharedMemory } from "../syntax/parser.ts";
import { formatOf } from "../transform/file-format.ts";
import { PackageTypes } from "../transform/package-type.ts";
import { isModule, isPlanned, openProject, type Project } from "../transform/project.ts";
import type { Entry } from "./entry.ts";
import type { RegisterSettings } from "./settings.ts";

parseWithoutSharedMemory();

export class EntryMaker {
  readonly #project: Project;
  readonly #types = new PackageTypes();

  constructor({ options, root }: RegisterSettings) {
    this.#project = openProject("ts-hotfix/register", { ...options }, root);
  }

  /**
   * Undefined for a text that does not parse: Node.js says so in its own words. Throws a HotfixError with the author's errors.
   *
   * @param format what Node.js takes the file for; undefined where it has not been asked
   */
  make(file: string, format: Entry["format"] | undefined): Entry | undefined {
    const project = this.#project;
    const module = project.module(file);
    if (!isModule(module)) return undefined;
    const { key, content, fingerprint, analysis } = module;
    const form = format ?? formatOf(analysis, this.#types, true).format;
    // the text of the file, whatever has been made of it
    const planned = project.plan(file, analysis.parsed.text, { format: form, table: { form: "constant" } });
    if (!isPlanned(planned)) {
      const [first = diagnostic("HF0002", "error", { detail: file }), ...more] = planned;
      throw new HotfixError(placed(first), ...more.map(placed));
    }
    const { plan } = planned;
    const common = { key, package: project.packageOf(file), content, fingerprint, facts: moduleFacts(project, module, { format: form }, undefined), imports: project.links.loadedBy(file), later: project.links.importedLater(file), outside: project.outsideOf(file), format: form, notices: plan.diagnostics.map((each) => `${each.code}: ${each.message}`) };
    if (plan.edits.length === 0) return { ...common, emitted: undefined };
    const { code, map } = applyPlanToText(analysis.parsed.text, plan, file);
    const name = plan.table.replaceAll("$", "\\$");
    const table = new RegExp(`class \\S+ \\{\\} const ${name} = new \\S+\\(\\);`).exec(code)?.[0] ?? "";
    return {
      ...common,
      emitted: {
        code,
        table,
        hoisted: `function ${plan.table}() {}`.padEnd(table.length),
        map: `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map.toString()).toString("base64")}`,
      },
    };
  }
}

/** An exception has no field for a place. */
function placed(each: Diagnostic): Diagnostic {
  const { place } = each;
  return place === undefined ? each : { ...each, message: `${place.file}:${place.line}:${place.column} ${each.message}` };
}
