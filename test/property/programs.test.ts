/** What holds for every program, on generated ones. `RUNS=5000 npx vitest run test/property` for more. */
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { buildPatch } from "../../src/builder/build.ts";
import { apply, rollback } from "../../src/runtime/index.ts";
import { Laboratory } from "./host.ts";
import { printProgram, programSpec } from "./programs.ts";

const laboratory = new Laboratory();
afterAll(() => laboratory.remove());

const numRuns = Number(process.env["RUNS"] ?? 300);

test("transformed equals plain, patched equals a fresh build of the fix, rolled back equals plain", async () => {
  let patched = 0;
  await fc.assert(
    fc.asyncProperty(programSpec, async (spec) => {
      const base = printProgram(spec, false);
      const fixed = printProgram(spec, true);
      const file = laboratory.nextFile();
      const project = laboratory.project();
      const plain = await laboratory.load(file, base).main();
      const host = laboratory.load(file, laboratory.transform(project, file, base));
      expect(await host.main(), "unpatched").toBe(plain);

      const manifest = project.manifest([file]);
      expect(buildPatch({ base: manifest, source: laboratory.folder }), "against itself").toEqual({ outcome: "unchanged" });
      writeFileSync(file, fixed);
      const result = buildPatch({ base: manifest, source: laboratory.folder });
      if (result.outcome === "unchanged") {
        expect(fixed).toBe(base);
        return;
      }
      if (result.outcome === "refused") {
        // Only lists of generators that cannot move stand in the way of these fixes.
        expect(new Set(result.refusals.map(({ code }) => code))).toEqual(new Set(["HF1104"]));
        return;
      }
      if (result.outcome !== "built") throw new Error(JSON.stringify(result));
      patched++;
      const fresh = await laboratory.load(file, fixed).main();
      expect((await apply(result.bytes)).outcome).toBe("applied");
      expect(await host.main(), "patched").toBe(fresh);
      expect((await rollback()).outcome).toBe("rolled-back");
      expect(await host.main(), "rolled back").toBe(plain);
    }),
    { numRuns },
  );
  expect(patched).toBeGreaterThan(numRuns / 4);
});

test("transforming is idempotent", () => {
  fc.assert(
    fc.property(programSpec, (spec) => {
      const file = laboratory.nextFile();
      const once = laboratory.transform(laboratory.project(), file, printProgram(spec, false));
      expect(laboratory.transform(laboratory.project(), file, once)).toBe(once);
    }),
    { numRuns: Math.min(numRuns, 200) },
  );
});

test("builds are reproducible: same tree, same manifest, same bytes", () => {
  fc.assert(
    fc.property(programSpec, (spec) => {
      const file = laboratory.nextFile();
      writeFileSync(file, printProgram(spec, false));
      const manifest = laboratory.project().manifest([file]);
      writeFileSync(file, printProgram(spec, true));
      const build = (): unknown => buildPatch({ base: manifest, source: laboratory.folder });
      expect(build()).toEqual(build());
    }),
    { numRuns: Math.min(numRuns, 200) },
  );
});
