import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { catalogue } from "../../src/messages/catalogue.ts";
import { diagnostic } from "../../src/messages/diagnostic.ts";
import { ROOT } from "../harness/stage.ts";

const read = (folder: string, files: RegExp): string =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).filter((path) => files.test(path)).map((path) => readFileSync(join(ROOT, folder, path), "utf8")).join("\n");

test("every code is provoked by a test or a fixture", () => {
  const texts = read("test", /\.(ts|mjs|cjs)$/) + read("fixtures/patch", /expected\.json$/);
  expect(Object.keys(catalogue).filter((code) => !texts.includes(code))).toEqual([]);
});

test("every code is used in the sources", () => {
  const texts = ["src", "transformer", "rollup-plugin", "bundlers"].map((folder) => read(folder, /(?<!catalogue)\.ts$/)).join("\n");
  expect(Object.keys(catalogue).filter((code) => !texts.includes(code))).toEqual([]);
});

test("holes are filled, unknown ones are left to be seen", () => {
  const { message, remedy } = diagnostic("HF0001", "error", { option: "inklude", tool: "the plugin", known: "include" });
  expect(message).toBe("Unknown option `inklude` of the plugin; known are include.");
  expect(remedy).not.toContain("{");
});
