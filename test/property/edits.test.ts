/**
 * Whatever is edited in a tree: a patch of the running program is as good as a fresh build of the fixed tree, or it is
 * refused. `RUNS=100000 npx vitest run test/property/edits.test.ts` tries so many edits; `SEED` and `SEED_PATH`, as a
 * failure prints them, repeat one; `LIMIT` ends the search for a smaller one after so many milliseconds. The same edits are
 * tried each time, so that a failure is the change's that it comes with; `FROM`, another number, makes others.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { buildPatch } from "../../src/builder/build.ts";
import { apply, rollback } from "../../src/runtime/index.ts";
import { anyEdit, applyEdits, type Edit } from "./trees/edits.ts";
import { trees, type Tree } from "./trees/model.ts";
import { printTree, type Files } from "./trees/print.ts";
import { TreeProcess } from "./trees/process.ts";
import { countEffective, Counts, demandSame, showScenario } from "./trees/report.ts";
import { TreeWorld, type Format } from "./trees/world.ts";

const world = new TreeWorld();
// Every runtime warns of patches that nobody has signed.
beforeAll(() => void vi.spyOn(process, "emitWarning").mockImplementation(() => undefined));
afterAll(() => world.remove());

/** Edits to try, those that change no text not counted. */
const EDITS = Number(process.env["RUNS"] ?? 5000);
/** Seed of the first scenarios; the next ones have the next. */
const FROM = Number(process.env["FROM"] ?? 20_261_122);

interface Scenario {
  readonly base: Tree;
  /** Applied one after the other to one running process. */
  readonly fixes: readonly (readonly Edit[])[];
  readonly format: Format;
  /** What the builder is told of functions that go on after a patch. */
  readonly live: "accepted" | "judged" | "strict";
}

const scenario: fc.Arbitrary<Scenario> = fc.record({
  base: trees,
  fixes: fc.array(fc.array(anyEdit, { minLength: 1, maxLength: 4, size: "max" }), { minLength: 1, maxLength: 10, size: "max" }),
  format: fc.constantFrom<Format>("esm", "cjs"),
  live: fc.constantFrom("accepted", "judged", "strict"),
});

const counts = new Counts();

test("a patched process does what a fresh one of the fixed tree does, or the fix is refused", { timeout: 0 }, async () => {
  const { SEED, SEED_PATH, LIMIT } = process.env;
  const parameters: fc.Parameters<[Scenario]> = {
    numRuns: 25,
    reporter,
    ...(SEED === undefined ? {} : { seed: Number(SEED), path: SEED_PATH ?? "" }),
    ...(LIMIT === undefined ? {} : { interruptAfterTimeLimit: Number(LIMIT) }),
  };
  if (SEED !== undefined) return await fc.assert(fc.asyncProperty(scenario, check), parameters);
  for (let seed = FROM; counts.of("edits") < EDITS; seed++) await fc.assert(fc.asyncProperty(scenario, check), { ...parameters, seed });
  console.log(String(counts));
  expect(counts.of("built"), "fixes that became patches").toBeGreaterThan((counts.of("built") + counts.of("refused")) / 3);
});

async function check({ base, fixes, format, live }: Scenario): Promise<void> {
  const files = printTree(base);
  const plain = await loadPlain(files, base, format);
  if (!plain) return;
  const { modules, manifest } = await world.host(files, format);
  const host = new TreeProcess(modules, base, format);
  const before = await plain.trace(plain.ids);
  demandSame(await host.trace(host.ids), before, "unpatched");
  expect(buildPatch({ base: manifest, source: world.folder }), "against itself").toEqual({ outcome: "unchanged" });

  const unstarted = host.unstarted();
  const remains = await host.remains();
  let suspended = await host.suspend();
  for (const [index, fix] of fixes.entries()) {
    const fixedTree = applyEdits(base, fix);
    const fixed = printTree(fixedTree);
    world.write(fixed);
    counts.add("edits", countEffective(base, fix));
    const result = buildPatch({ base: manifest, source: world.folder, sequence: index + 1, ...(live === "accepted" ? { acceptLive: true } : { strictLive: live === "strict" }) });
    if (result.outcome === "failed") throw new Error(JSON.stringify(result));
    counts.add(result.outcome);
    if (result.outcome === "refused") {
      for (const code of new Set(result.refusals.map((each) => each.code))) counts.add(code);
      continue;
    }
    const fresh = await loadPlain(fixed, fixedTree, format);
    if (!fresh) continue;
    const outcome = result.outcome === "built" ? await apply(result.bytes) : await rollback({ to: "base" });
    // What another fix has added under the same name is still there.
    if (outcome.outcome === "refused" && outcome.diagnostics.every(({ code }) => code === "HF2006")) {
      counts.add("refused when applied");
      continue;
    }
    expect(["applied", "rolled-back", "unchanged"], JSON.stringify(outcome)).toContain(outcome.outcome);
    const common = host.ids.intersection(fresh.ids);
    const ends = await host.finish(suspended);
    counts.add("suspended calls", ends.size);
    const broken = /ReferenceError/.exec(JSON.stringify([...ends]));
    if (broken && !JSON.stringify(before).includes(broken[0])) throw new Error(`a suspended call ended with ${JSON.stringify([...ends])}`);
    suspended = [];
    if (unstarted.size > 0) {
      const expected = fresh.unstarted();
      const both = new Set([...unstarted.keys()].filter((id) => expected.has(id)));
      demandSame(await host.drainAll(unstarted, both), await fresh.drainAll(expected, both), `fix ${index + 1}, iterators that had not begun`);
      unstarted.clear();
    }
    // Nothing that the old code left behind goes on, but what is as it was.
    if (live === "strict") {
      const expected = await fresh.remains();
      for (const [id, calls] of remains) {
        const now = expected.get(id);
        if (!common.has(id) || now?.length !== calls.length) continue;
        counts.add("functions left behind", calls.length);
        demandSame(await host.callRemains(calls), await fresh.callRemains(now), `fix ${index + 1}, what ${id} left behind`);
      }
    }
    demandSame(await host.trace(common), await fresh.trace(common), `fix ${index + 1}, ${result.outcome}`);
  }
  await rollback({ to: "base" });
  await host.finish(suspended);
  demandSame(await host.trace(host.ids), before, "rolled back");
}

/** A fresh process; undefined where the tree cannot be evaluated. */
async function loadPlain(files: Files, tree: Tree, format: Format): Promise<TreeProcess | undefined> {
  try {
    return new TreeProcess(await world.load(files, format), tree, format);
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    counts.add(`not loadable (${(error as Error).name})`);
    return undefined;
  }
}

function reporter(run: fc.RunDetails<[Scenario]>): void {
  const [found] = run.counterexample ?? [];
  if (!run.failed) return;
  if (!found) throw new Error(fc.defaultReportMessage(run));
  const { base, fixes, format, live } = found;
  const how = `SEED=${run.seed} SEED_PATH=${run.counterexamplePath}, ${format}, live code ${live}`;
  throw new Error(`${String(run.errorInstance)}\n${how}\n${showScenario(base, fixes)}`, { cause: run.errorInstance });
}
