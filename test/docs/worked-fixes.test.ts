/** docs/worked-fixes.md does what it says: each program is built, patched as running and rolled back; each refusal is refused. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { buildPatch, type BuildResult } from "../../src/builder/build.ts";
import { apply, rollback } from "../../src/runtime/index.ts";
import { ROOT } from "../harness/stage.ts";
import { TreeWorld, type Modules } from "../property/trees/world.ts";

type Step =
  | { readonly is: "base" | "fixed" | "refused" | "callbacks"; readonly code: string | undefined; readonly file: string; readonly text: string }
  | { readonly is: "patch"; readonly ids: readonly string[] }
  | { readonly is: "result"; readonly expression: string; readonly before: string; readonly after: string };

interface WorkedFix {
  readonly title: string;
  readonly steps: readonly Step[];
}

const fixes = readFixes(readFileSync(join(ROOT, "docs", "worked-fixes.md"), "utf8"));
const world = new TreeWorld();
beforeAll(() => void vi.spyOn(process, "emitWarning").mockImplementation(() => undefined));
afterAll(() => world.remove());

test("there are ten", () => expect(fixes.map(({ title }) => title)).toHaveLength(10));

describe.each(fixes)("$title", ({ steps }) => {
  test("as written", async () => {
    let base: Readonly<Record<string, string>> = {};
    let fixed: Record<string, string> = {};
    let callbacks: string | undefined;
    let patch: readonly string[] = [];
    let results = 0;
    for (const step of steps) {
      switch (step.is) {
        case "base":
          base = { [step.file]: step.text };
          break;
        case "fixed":
          fixed[step.file] = step.text;
          break;
        case "callbacks":
          fixed[step.file] = step.text;
          callbacks = step.file;
          break;
        case "refused": {
          const result = await build(base, { ...base, [step.file]: step.text });
          if (result.outcome !== "refused") throw new Error(`${step.file}: ${result.outcome}, not refused`);
          expect(result.refusals.map(({ code }) => code)).toContain(step.code);
          break;
        }
        case "patch":
          patch = step.ids;
          break;
        case "result": {
          results++;
          const result = await build(base, { ...base, ...fixed }, callbacks);
          if (result.outcome !== "built") throw new Error(`not built: ${JSON.stringify(result.outcome === "refused" ? result.refusals.map(({ message }) => message) : result)}`);
          expect([...result.replaced, ...result.added].toSorted()).toEqual([...patch].toSorted());
          await play(base, step, result.bytes);
          fixed = {};
          callbacks = undefined;
        }
      }
    }
    expect(results, "fixes that are played").toBe(1);
  });
});

async function build(base: Readonly<Record<string, string>>, fixed: Readonly<Record<string, string>>, callbacks?: string): Promise<BuildResult> {
  const { manifest } = await world.host({ ...base, "input.ts": "" }, "esm");
  world.write({ ...fixed, "input.ts": "" });
  return buildPatch({ base: manifest, source: world.folder, ...(callbacks === undefined ? {} : { callbacks: join(world.folder, "src", callbacks) }) });
}

/** In a fresh program each: what the expression gives unpatched; patched; and patched and rolled back. */
async function play(base: Readonly<Record<string, string>>, { expression, before, after }: Extract<Step, { is: "result" }>, bytes: Uint8Array): Promise<void> {
  const run = async (...changes: readonly (() => Promise<{ readonly outcome: string }>)[]): Promise<unknown> => {
    const { modules } = await world.host({ ...base, "input.ts": "" }, "esm");
    for (const change of changes) expect(["applied", "rolled-back"]).toContain((await change()).outcome);
    return await evaluate(expression, modules);
  };
  expect(await run(), expression).toBe(before);
  expect(await run(() => apply(bytes)), expression).toBe(after);
  if (!Buffer.from(bytes).includes("postPatch")) expect(await run(() => apply(bytes), () => rollback({ to: "base" })), expression).toBe(before);
}

async function evaluate(expression: string, modules: Modules): Promise<string> {
  const names = Object.keys(modules).map((file) => file.replace(".ts", ""));
  const value: unknown = await (new Function(...names, `return (async () => ${expression})();`) as (...values: readonly unknown[]) => unknown)(...Object.values(modules));
  return JSON.stringify(value) ?? "undefined";
}

/** Sections, their code blocks by the comment in the first line, and the two lines of a result. */
function readFixes(page: string): readonly WorkedFix[] {
  return page.split(/^## (?=\d)/m).slice(1).map((section) => {
    const [title = ""] = section.split("\n");
    const found = section.matchAll(/^```ts\n\/\/ (?:(base|fixed|callbacks|refused)(?: (HF\d+))?: )?(\S+)\n([\s\S]*?)^```$|^- patch: (.*)$|^- `(.*)` gave `(.*)`, gives `(.*)`$/gm);
    const steps = [...found].map(([, is = "base", code, file = "", text = "", ids, expression, before, after]): Step => {
      if (ids !== undefined) return { is: "patch", ids: [...ids.matchAll(/`([^`]+)`/g)].map(([, id = ""]) => id) };
      if (expression !== undefined) return { is: "result", expression, before: before ?? "", after: after ?? "" };
      return { is: is as "base", code, file, text };
    });
    return { title, steps };
  });
}
