import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { test } from "vitest";
import { expectDemo } from "../harness/demo-result.ts";
import { ROOT } from "../harness/stage.ts";

test("the demo fixes a live server in both builds", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["demo/run.js", "--json"], { cwd: ROOT, timeout: 110_000 });
  expectDemo(stdout);
}, 120_000);
