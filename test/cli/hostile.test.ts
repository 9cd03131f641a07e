/** What hosts and patches say is shown, and steers no terminal. */
import { once } from "node:events";
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { World } from "../runtime/world.ts";
import { runCli } from "./run-cli.ts";

const EVIL = "\u001b]0;owned\u0007\u001b[2J\r\u202e";

test("texts of a host, and of the patch in it, steer no terminal", async () => {
  const world = new World();
  const module = { key: `k${EVIL}`, instances: 1, patched: [`p${EVIL}`], unpatched: 0, initSegmentsRun: 0, failed: [{ code: "HF2004", severity: "refusal", message: EVIL, remedy: EVIL }] };
  const live = [{ target: `x${EVIL}`, line: 1, reason: EVIL }];
  const entry = { at: EVIL, operation: "apply", outcome: EVIL, patch: EVIL, from: "base", codes: [EVIL] };
  const status = { schema: 1, node: EVIL, pid: 1, state: EVIL, signedBy: [EVIL], since: EVIL, live, trustedKeys: [EVIL], previous: EVIL, atHand: [], busy: false, threads: [{ thread: 1, name: EVIL, isInStep: false }], caveats: [EVIL], modules: [module], pending: [`q${EVIL}`], history: [entry] };
  const cost = { prepareMs: 1, commitMs: 1, heldMs: 0, bytes: 1 };
  const result = { operation: "apply", patch: EVIL, from: EVIL, functions: [`f${EVIL}`], pending: [], live, cost, threads: [], notices: [], diagnostics: [], log: [], signedBy: [] };
  const server = createServer((request, response) => {
    const isPreparing = request.url?.includes("prepare") === true;
    request.resume().on("end", () => response.end(JSON.stringify(request.method === "GET" ? status : { ...result, outcome: isPreparing ? "prepared" : "applied", ticket: "t" })));
  }).listen(world.path("e.sock"));
  await once(server, "listening");
  onTestFinished(() => void server.close());
  world.write("fix.hotfix", "");
  for (const command of ["status --to e.sock", "status --to ?.sock", "apply fix.hotfix --to e.sock", "apply fix.hotfix --to ?.sock", "apply fix.hotfix --to e.sock --check"]) {
    const { status: code, stdout, stderr } = await runCli(world.folder, command);
    expect([command, code, `${stdout}${stderr}`.match(/[^\P{C}\t\n]/gu)]).toEqual([command, 0, null]);
    expect(stdout.length).toBeGreaterThan(20);
  }
});
