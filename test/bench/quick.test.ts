/** Every benchmark runs and prints what its `--help` says. How fast anything is, no test knows. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { renderTable, type Report } from "../../bench/harness/report.ts";
import { ROOT } from "../harness/stage.ts";

const major = process.versions.node.split(".")[0] ?? "";
const run = async (name: string, ...options: readonly string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [`bench/${name}.ts`, "--node", major, ...options], { cwd: ROOT })).stdout;

test.each([
  ["size", []],
  ["transform", []],
  ["start", []],
  ["compile", []],
  ["build", []],
  ["programs", []],
  ["after", []],
  ["ways", []],
])("bench:%s", async (name, options) => {
  const report = JSON.parse(await run(name, "--quick", "--json", ...options)) as Report;
  expect(report).toMatchObject({ bench: name, node: process.versions.node });
  expect(report.rows.length).toBeGreaterThan(0);
  for (const row of report.rows) {
    expect(row).toEqual(expect.objectContaining({ case: expect.any(String), metric: expect.any(String), value: expect.any(Number), unit: expect.any(String) }));
    if (row.goal !== undefined) expect(row.ok).toBe(row.atLeast === true ? row.value >= row.goal : row.value <= row.goal);
  }
  expect(renderTable(report)).toContain(report.rows[0]?.case);
});
