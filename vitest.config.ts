import { configDefaults, defineConfig } from "vitest/config";

/** Tests of what happens within milliseconds, or of programs that load the machine themselves. See scripts/run-tests.ts. */
const ALONE = ["test/runtime/{threads,stress}/**/*.test.ts", "test/processes/**/*.test.ts", "test/control/**/*.test.ts", "test/e2e/{demo,game-server}.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    setupFiles: ["test/harness/compiler-cache.ts"],
    projects: [
      // Tests start processes of their own, and wait for them: on two cores, three at a time keep both busy.
      { extends: true, test: { name: "together", env: { TEST_PROJECT: "together" }, include: ["test/**/*.test.ts"], exclude: [...configDefaults.exclude, ...ALONE], maxWorkers: 3, sequence: { groupOrder: 0 } } },
      { extends: true, test: { name: "alone", env: { TEST_PROJECT: "alone" }, include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
