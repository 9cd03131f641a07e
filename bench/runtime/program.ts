/** A generated server: a thousand functions with state of their own, built with the transformer; and patches for it, from the builder. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { buildPatch } from "../../src/builder/build.ts";
import { decodePatch } from "../../src/patch/file.ts";
import transformer from "../../transformer/index.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MODULES = 20;
const IN_EACH = 50;

/** Stands in every function of a patch once. Another number makes another patch of the same form. */
export const SALT = 424_242;
const OLD = 1;

export class RuntimeProgram {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "ts-hotfix-bench-runtime-")));
  readonly entry: string;
  /** Entry of the same program built without us. */
  readonly untransformed: string;
  readonly #base: string;

  constructor() {
    this.#base = this.#package("base", 0);
    this.entry = this.#compile(this.#base, "out", true);
    this.untransformed = this.#compile(this.#base, "out-untransformed", false);
  }

  /** File with the payload of a patch that changes so many functions, as JSON. */
  patch(functions: number): string {
    const source = this.#package(`fix-${functions}`, functions);
    const result = buildPatch({ base: join(this.#base, "hotfix.manifest.json"), source, sequence: 1 });
    if (result.outcome !== "built") throw new Error(`the patch of ${functions} functions: ${JSON.stringify(result, undefined, 1)}`);
    const reading = decodePatch(result.bytes);
    if (!reading.ok) throw new Error(JSON.stringify(reading.diagnostics));
    const { payload } = reading.patch;
    const found = payload.modules.reduce((sum, module) => sum + module.functions.length, 0);
    if (found !== functions) throw new Error(`the patch has ${found} functions, not ${functions}`);
    const file = join(source, "payload.json");
    // source maps of the variants would be those of one: they only cost space
    writeFileSync(file, JSON.stringify(payload));
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** @param changed so many of its functions have the salt */
  #package(name: string, changed: number): string {
    const folder = join(this.folder, name);
    mkdirSync(join(folder, "src"), { recursive: true });
    mkdirSync(join(folder, "node_modules"), { recursive: true });
    symlinkSync(ROOT, join(folder, "node_modules", "ts-hotfix"), "dir");
    writeFileSync(join(folder, "package.json"), '{ "name": "bench-runtime", "type": "module" }\n');
    for (let index = 0; index < MODULES; index++) writeFileSync(join(folder, "src", `area${index}.ts`), moduleText(index, changed));
    writeFileSync(join(folder, "src", "main.ts"), mainText());
    return folder;
  }

  #compile(folder: string, name: string, isOurs: boolean): string {
    const out = join(folder, name);
    const options: ts.CompilerOptions = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, rootDir: join(folder, "src"), outDir: out, noCheck: true, noLib: true, types: [] };
    const program = ts.createProgram([join(folder, "src", "main.ts")], options);
    const found: ts.Diagnostic[] = [];
    const extras = { ts, library: "typescript", addDiagnostic: (diagnostic: ts.Diagnostic) => found.push(diagnostic) };
    const before = isOurs ? [transformer(program, { root: folder, manifest: join(folder, "hotfix.manifest.json") }, extras).before] : [];
    mkdirSync(out, { recursive: true });
    program.emit(undefined, (file, text) => writeFileSync(join(out, basename(file)), text), undefined, false, { before });
    const errors = found.filter(({ category }) => category === ts.DiagnosticCategory.Error);
    if (errors.length > 0) throw new Error(errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")).join("\n"));
    if (isOurs && !readFileSync(join(out, "area0.js"), "utf8").includes("$t.")) throw new Error("the program is not transformed");
    return join(out, "main.js");
  }
}

function moduleText(index: number, changed: number): string {
  const functions = Array.from({ length: IN_EACH }, (_, place) => {
    const salt = index * IN_EACH + place < changed ? SALT : OLD;
    return `export function work${place}(id: string, amount: number): number {
  calls++;
  const before = ledger.get(id) ?? 0;
  const total = (before + amount * ${place + 1}) % 1_000_003;
  if (total > LIMIT && id !== "bank") ledger.delete(id);
  else ledger.set(id, total);
  return ${salt};
}
`;
  });
  return `export const LIMIT = ${900_000 + index};\nconst ledger = new Map<string, number>();\nlet calls = 0;\n${functions.join("")}export function count(): number { return calls; }\n`;
}

/**
 * `turn` is what the server does in one turn of its event loop: calls of many functions, all of which must give the same answer.
 * `handlers` has all functions, as a route table has them.
 */
function mainText(): string {
  const imports = Array.from({ length: MODULES }, (_, index) => `import * as area${index} from "./area${index}.js";\n`).join("");
  const all = Array.from({ length: MODULES * IN_EACH }, (_, index) => `area${Math.floor(index / IN_EACH)}.work${index % IN_EACH}`).join(", ");
  const calls = Array.from({ length: MODULES }, (_, index) => `  seen.add(area${index}.work${index}("player", n));\n`).join("");
  return `${imports}export function turn(n: number): Set<number> {\n  const seen = new Set<number>();\n${calls}  return seen;\n}\nexport const first = area0.work0;\nexport const handlers = [${all}];\n`;
}
