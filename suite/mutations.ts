/**
 * `node suite/mutations.ts`: deliberate faults in the transformer and the runtime, each with the cheapest test that should
 * see it. Applied one at a time to a copy of this repository. Exit code: 0 all caught, 2 some survive, 1 error.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface Mutation {
  readonly fault: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Test file, and the beginning of the test's name. */
  readonly test: readonly [file: string, name: string];
}

const FIXTURES = "test/fixtures/transform.test.ts";

const MUTATIONS: readonly Mutation[] = [
  { fault: "the guard forgets `this`", file: "src/plan/guard.ts", from: "${slot}.apply(this, arguments)`;\n  const declared", to: "${slot}.apply(undefined, arguments)`;\n  const declared", test: [FIXTURES, "uses-this"] },
  { fault: "the last argument is dropped", file: "src/plan/guard.ts", from: '["this", ...declared].join(", ")', to: '["this", ...declared.slice(0, -1)].join(", ")', test: [FIXTURES, "commonjs-sloppy-this-and-arguments"] },
  { fault: "an arrow's last argument is dropped", file: "src/plan/guard.ts", from: '(${nothing}, ${slot})(${declared.join(", ")})', to: '(${nothing}, ${slot})(${declared.slice(0, -1).join(", ")})', test: [FIXTURES, "arrow-expression"] },
  { fault: "parameters run in the old function and the new one", file: "src/analyze/parameters.ts", from: '? "keep" : "move", list }', to: '? "keep" : "stay", list }', test: [FIXTURES, "default-parameters-moved"] },
  { fault: "the table of a module in a cycle is not hoisted", file: "src/plan/make-plan.ts", from: "return `function ${names.table}() {} `;", to: "return `const ${names.table} = {}; `;", test: [FIXTURES, "import-cycle"] },
  { fault: "`new.target` is lost", file: "src/plan/guard.ts", from: "if (!target.forwards.newTarget) return", to: "if (names) return", test: [FIXTURES, "new-target"] },
  { fault: "`length` changes where a pattern moves", file: "src/rewrite/text.ts", from: "output.appendLeft(parameter.pattern.start, parameter.name);", to: 'output.appendLeft(parameter.pattern.start, parameter.default || parameter.rest ? parameter.name : `${parameter.name} = undefined`);', test: [FIXTURES, "destructured-parameters"] },
  { fault: "a generator's guard is eager", file: "src/plan/guard.ts", from: "return `yield* ${typed(call)}`", to: "return typed(call)", test: [FIXTURES, "generator"] },
  { fault: "an async function is none any more", file: "src/rewrite/text.ts", from: "  placeFragments(output, edit.at, edit.statements);\n  if (edit.receiver)", to: '  if (/^async function(?![^]*\\bawait\\b)/.test(text.slice(edit.fn.start, edit.fn.end))) output.remove(edit.fn.start, edit.fn.start + 6);\n  placeFragments(output, edit.at, edit.statements);\n  if (edit.receiver)', test: ["test/property/programs.test.ts", ""] },
  { fault: "the source map is off by a line", file: "src/rewrite/text.ts", from: "map: output.generateMap({ source: file, includeContent: true, hires: \"boundary\" }) };", to: "map: ((map) => Object.assign(map, { mappings: `;${map.mappings}` }))(output.generateMap({ source: file, includeContent: true, hires: \"boundary\" })) };", test: ["test/rollup-plugin/plugin.test.ts", ""] },
  { fault: "functions exported under another name have no guard", file: "src/plan/make-plan.ts", from: "const guards = analysis.targets.map(", to: "const guards = analysis.targets.filter(({ binding }) => !analysis.exports.some(({ local, exported }) => local === binding && exported !== local)).map(", test: [FIXTURES, "export-forms"] },
  { fault: "`arguments` and moved parameters are no longer one", file: "src/analyze/parameters.ts", from: "context.directEval || context.strictBody || (!context.strict && context.usesArguments)", to: "context.directEval || context.strictBody", test: [FIXTURES, "commonjs-sloppy-patterns-and-arguments"] },
  { fault: "slots have the names of `Object.prototype`", file: "src/analyze/target.ts", from: "slot: `$${name}`", to: "slot: name", test: [FIXTURES, "names-of-object-prototype"] },
  { fault: "injected names may be the module's own", file: "src/plan/names.ts", from: "for (let suffix = 2; identifiers.has(name); suffix++)", to: "for (let suffix = 2; suffix < 0; suffix++)", test: [FIXTURES, "names-taken"] },
  { fault: "a module that binds `undefined` decides by its own", file: "src/plan/names.ts", from: 'bound("undefined") ? "void 0" : "undefined"', to: '"undefined"', test: [FIXTURES, "bound-globals"] },
  { fault: "patch code cannot write a module's variables", file: "src/plan/scope-accessor.ts", from: "if (mutable) members", to: "if (mutable && !name) members", test: [FIXTURES, "scope-writes"] },
  { fault: "injected code stands before the directives", file: "src/plan/make-plan.ts", from: "at: analysis.firstStatement", to: "at: 0", test: [FIXTURES, "commonjs-strict-directive"] },
  { fault: "statements of a module run twice", file: "src/runtime/init.ts", from: "instance.segmentsRun++;\n        segment();\n      },\n      defer", to: "instance.segmentsRun++;\n        segment();\n        segment();\n      },\n      defer", test: ["test/runtime/init.test.ts", ""] },
  { fault: "a rollback leaves the slots", file: "src/runtime/patch-table.ts", from: "if (slots.size === 0) inPlace.delete(table);", to: "if (slots.size === 0) Object.setPrototypeOf(table, Object.fromEntries(slotsOf(table)));", test: ["test/runtime/apply.test.ts", ""] },
  { fault: "TypeScript sees `any` come out of every function", file: "src/plan/typing.ts", from: "return `((${call}) as ${type})`;", to: "return `((${call}) as any)`;", test: ["test/transform/typed.test.ts", "inferred results"] },
];

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const COPIED = ["bench", "bin", "bundlers", "demo", "dist", "docs", "fixtures", "messages", "package.json", "replay", "rollup-plugin", "scripts", "src", "suite", "test", "transformer", "tsconfig.build.json", "tsconfig.json", "vitest.config.ts"];

const wanted = process.argv.slice(2);
const copy = realpathSync(mkdtempSync(join(tmpdir(), "ts-hotfix-mutations-")));
try {
  for (const entry of COPIED) cpSync(join(ROOT, entry), join(copy, entry), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "dir");
  const chosen = MUTATIONS.filter(({ fault }) => wanted.length === 0 || wanted.some((part) => fault.includes(part)));
  process.exitCode = runAll(chosen) ? 0 : 2;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function runAll(mutations: readonly Mutation[]): boolean {
  const sound = new Map<string, boolean>();
  let allCaught = true;
  process.stdout.write("| fault | caught by |\n| --- | --- |\n");
  for (const mutation of mutations) {
    const { fault, test } = mutation;
    const id = test.join(" › ");
    // a test that fails anyway catches nothing
    if (!sound.has(id)) sound.set(id, passes(test));
    if (sound.get(id) !== true) throw new Error(`${id} fails without any fault`);
    const caught = !withMutation(mutation, () => passes(test));
    allCaught &&= caught;
    process.stdout.write(`| ${fault} | ${caught ? `\`${test[0]}\`${test[1] === "" ? "" : ` ${test[1]}`}` : "**nothing**"} |\n`);
  }
  return allCaught;
}

function withMutation<T>({ fault, file, from, to }: Mutation, run: () => T): T {
  const path = join(copy, file);
  const text = readFileSync(path, "utf8");
  if (text.split(from).length !== 2) throw new Error(`${fault}: ${file} does not have its place once`);
  writeFileSync(path, text.replace(from, () => to));
  try {
    return run();
  } finally {
    writeFileSync(path, text);
  }
}

function passes([file, name]: Mutation["test"]): boolean {
  const { status } = spawnSync(process.execPath, [join(copy, "node_modules/vitest/vitest.mjs"), "run", file, ...(name === "" ? [] : ["-t", name])], { cwd: copy, encoding: "utf8", env: { ...process.env, CI: "1" } });
  return status === 0;
}
