/** Mocha: outcomes by full title, whatever version. */
"use strict";
const { writeFileSync } = require("node:fs");

module.exports = class {
  constructor(runner) {
    const tests = [];
    const add = (test, outcome, error) => tests.push({ test: test.fullTitle(), outcome, error: error && String(error.stack ?? error) });
    runner.on("pass", (test) => add(test, "passed"));
    runner.on("fail", (test, error) => add(test, "failed", error));
    runner.on("pending", (test) => add(test, "skipped"));
    runner.on("end", () => writeFileSync(process.env.TS_HOTFIX_SUITE_REPORT, JSON.stringify(tests)));
  }
};
