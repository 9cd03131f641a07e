/** What the demo's `--json` has to say, whoever runs it. */
import { expect } from "vitest";

export function expectDemo(stdout: string): void {
  const { ok, runs } = JSON.parse(stdout) as { ok: boolean; runs: readonly Record<string, any>[] };
  expect(runs.map((run) => run["build"])).toEqual(["tspc", "rollup"]);
  for (const run of runs) {
    expect(run).toMatchObject({ failed: 0, sessionsBefore: 201, sessionsAfter: 201, initRuns: 1 });
    expect(run["before"]).toMatchObject({ ok: true, gold: 2500 });
    expect(run["after"]).toMatchObject({ ok: false, gold: 2500 });
    expect(run["rolledBack"]).toMatchObject({ ok: true, gold: 4000 });
    for (const figure of ["requests", "patchBytes", "applyMs", "pauseMs"]) expect(run[figure], figure).toBeGreaterThan(0);
  }
  expect(ok).toBe(true);
}
