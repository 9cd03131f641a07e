import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import type { ExitCode } from "../../src/cli/terminal.ts";
import { PLAIN } from "../../src/messages/render.ts";
import { findSockets } from "../../src/processes/find-sockets.ts";
import { leadTwoPhases } from "../../src/processes/two-phases.ts";
import { Fleet, outcomes } from "./fleet.ts";

const ALL = "--to run/*.sock";
const CLI = fileURLToPath(new URL("../cli/source-cli.mjs", import.meta.url));
const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

test("all go to the new state, and back", async () => {
  const fleet = await Fleet.start({ a: "", b: "", c: "" });
  const checked = await fleet.run(`apply fix-1.hotfix ${ALL} --check`);
  expect(checked).toMatchObject({ status: 0, stdout: expect.stringMatching(/^socket +pid +from → to +outcome.*\nrun\/a\.sock +\d+ +base → patch [0-9a-f]{12} +ready\n(.*\n){2}Ready for patch [0-9a-f]{12}: 3 processes\. Nothing was changed\.\n$/) });
  expect(await fleet.calls()).toEqual(["old", "old", "old"]);

  const applied = await fleet.run(`apply fix-1.hotfix ${ALL} --by ann`);
  expect(applied.stdout).toMatch(/^socket +pid +from → to +outcome +functions +threads +pause\n(run\/[abc]\.sock +\d+ +base → patch [0-9a-f]{12} +applied +1 +1 +[\d.]+ ms\n){3}Applied patch [0-9a-f]{12}: 3 processes\.\n$/);
  // once, although all three say it
  expect(applied.stderr.match(/HF3102/g)).toBe(null);
  expect(checked.stderr.match(/HF3102/g)).toHaveLength(1);
  expect(checked.stderr).toContain("  at run/a.sock, run/b.sock, run/c.sock\n");
  expect(await fleet.calls()).toEqual(["1", "1", "1"]);
  expect((await fleet.client("b").status()).history).toMatchObject([{ outcome: "applied", by: "ann" }]);
  expect(await fleet.json(`apply fix-1.hotfix ${ALL}`)).toMatchObject({ exit: 3, schema: 1, command: "apply", outcome: "unchanged", results: [{ socket: "run/a.sock", pid: expect.any(Number), outcome: "unchanged", result: { outcome: "unchanged" } }, {}, {}] });

  expect(await fleet.json("apply fix-2.hotfix --to run/a.sock --to run/b.sock")).toMatchObject({ exit: 0, outcome: "done" });
  const status = await fleet.run(`status ${ALL}`);
  expect(status).toMatchObject({ status: 0, stdout: expect.stringMatching(/^socket +pid +state.*\nrun\/a\.sock +\d+ +patch [0-9a-f]{12} +2 .*\n.* 2 .*\n.* 1 .*\n$/), stderr: expect.stringContaining("2 different states") });
  const { history } = await fleet.client("a").status();
  expect(history.at(-1)?.by).toMatch(/^.+@.+$/);

  // `previous` is patch 1 for two of them, and the base for the third
  const different = await fleet.json(`rollback previous ${ALL}`);
  expect(different).toMatchObject({ exit: 2, outcome: "refused", results: [{ outcome: "given-up", diagnostics: [{ code: "HF3045" }] }, {}, {}] });
  expect(await fleet.calls()).toEqual(["2", "2", "1"]);
  expect(await fleet.json(`rollback base ${ALL}`)).toMatchObject({ exit: 0, outcome: "done", results: [{ outcome: "rolled-back" }, {}, {}] });
  expect(await fleet.calls()).toEqual(["old", "old", "old"]);
});

test("one refuses: nothing is changed anywhere", async () => {
  const fleet = await Fleet.start({ a: "", b: "" });
  await fleet.add("c", "", "./other/shop.mjs");
  const refused = await fleet.json(`apply fix-1.hotfix ${ALL}`);
  expect([refused.exit, refused.outcome, ...outcomes(refused)]).toEqual([2, "refused", "a: given-up", "b: given-up", "c: refused"]);
  expect(refused.results[2].result.diagnostics).toMatchObject([{ code: "HF2004" }]);
  const { status, stdout, stderr } = await fleet.run(`apply fix-1.hotfix ${ALL}`);
  expect({ status, stdout }).toEqual({ status: 2, stdout: expect.stringMatching(/given up\n.*given up\n.*refused\n$/) });
  expect(stderr).toMatch(/refusal HF2004: .*\n.*\n {2}at run\/c\.sock\nNothing was changed in any process\.\n$/);
  expect(await fleet.states()).toEqual(["base", "base", "base"]);
  expect((await Promise.all(["a", "b"].map((name) => fleet.client(name).status()))).map(({ busy }) => busy)).toEqual([false, false]);
  // the first says no: the others are not asked, unless it is only a check
  const first = await fleet.json("apply fix-1.hotfix --to run/c.sock --to run/[ab].sock");
  expect(outcomes(first)).toEqual(["a: given-up", "b: given-up", "c: refused"]);
});

test("a process that is stopped: the others are left alone, and it does nothing behind anybody's back", async () => {
  const fleet = await Fleet.start({ a: "", b: "", c: "" });
  fleet.signal("b", "SIGSTOP");
  const refused = await fleet.json(`apply fix-1.hotfix ${ALL} --timeout 3s`);
  expect([refused.exit, ...outcomes(refused)]).toEqual([2, "a: given-up", "b: unreachable", "c: given-up"]);
  expect(refused.results[1].diagnostics).toMatchObject([{ code: "HF3012", message: expect.stringContaining("nothing for 3000 ms") }]);
  fleet.signal("b", "SIGCONT");
  await pause(300);
  expect(await fleet.calls()).toEqual(["old", "old", "old"]);
  expect(await fleet.client("b").status()).toMatchObject({ busy: false, state: "base" });
  expect(await fleet.json(`apply fix-1.hotfix ${ALL}`)).toMatchObject({ exit: 0, outcome: "done" });
});

test("a process that dies between the phases: the others are consistent, it is named, the next run converges", async () => {
  const fleet = await Fleet.start({ a: "", b: `runtime.commit = () => process.kill(process.pid, "SIGKILL");`, c: "" });
  const { status, stdout, stderr } = await fleet.run(`apply fix-1.hotfix ${ALL}`);
  expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringMatching(/run\/a\.sock .* applied .*\nrun\/b\.sock .* ended\nrun\/c\.sock .* applied /) });
  expect(stderr).toMatch(/error HF3049: The process at `run\/b\.sock` was ready and has ended/);
  expect(stderr).toMatch(/Not all are at patch [0-9a-f]{12}: run\/b\.sock\. Run it again/);
  fleet.children.delete("b");
  expect(await fleet.calls()).toEqual(["1", "1"]);
  // its socket is still there
  const again = await fleet.json(`apply fix-1.hotfix ${ALL}`);
  expect([again.exit, again.outcome, ...outcomes(again)]).toEqual([3, "unchanged", "a: unchanged", "b: deserted", "c: unchanged"]);
  expect(again.results[1].diagnostics).toMatchObject([{ code: "HF3050", severity: "notice" }]);
  // named by its path, it is missed
  expect(await fleet.json("apply fix-1.hotfix --to run/b.sock --to run/c.sock")).toMatchObject({ exit: 2, results: [{ outcome: "unreachable", diagnostics: [{ code: "HF3012" }] }, { outcome: "not-asked" }] });
  await fleet.add("b");
  const converged = await fleet.json(`apply fix-1.hotfix ${ALL}`);
  expect([converged.exit, ...outcomes(converged)]).toEqual([0, "a: unchanged", "b: applied", "c: unchanged"]);
  expect(new Set(await fleet.states()).size).toBe(1);
});

test("an answer that is lost: what became of the process is found out", async () => {
  const fleet = await Fleet.start({
    a: "",
    // goes through with it, and its answer does not come
    b: `const { commit } = runtime; runtime.commit = async (ticket) => { await commit(ticket); await pause(100_000); };`,
    // does not do it
    c: `runtime.commit = async (ticket) => { await runtime.abort(ticket); await pause(100_000); };`,
    // nobody knows
    d: `runtime.commit = () => pause(100_000);`,
    // cannot any more
    e: `const { commit } = runtime; runtime.commit = async (ticket) => { await runtime.abort(ticket); return await commit(ticket); };`,
  });
  const result = await fleet.json(`apply fix-1.hotfix ${ALL} --timeout 3s`);
  expect([result.exit, result.outcome, ...outcomes(result)]).toEqual([1, "partly", "a: applied", "b: applied", "c: failed", "d: unknown", "e: failed"]);
  expect(result.results.slice(2).map(({ diagnostics }: any) => diagnostics[0].code)).toEqual(["HF3012", "HF3046", "HF3034"]);
});

test("two who ask at the same time: one gets all, the other nothing", async () => {
  // where one could be first here, and the other there
  const later = (by: string): string => ["prepare", "prepareRollback"].map((name) => `runtime.${name} = ((before) => async (...args) => { if (args.at(-1).by === "${by}") await pause(150); return await before(...args); })(runtime.${name});`).join("\n");
  const fleet = await Fleet.start({ a: later("bob"), b: later("ann"), c: "" });
  const sockets = findSockets([fleet.world.path("run/*.sock")]);
  const file = readFileSync(fleet.world.path("fix-1.hotfix"));
  for (let round = 0; round < 4; round++) {
    const asks = round % 2 === 0 ? { file } : { to: "base" };
    const lead = async (options: object) => (await leadTwoPhases(sockets, { asks, options, isCheck: false, timeout: 5000, stop: new AbortController().signal, watch() {} })).outcome;
    const outcomesOfBoth = (await Promise.all([lead({ by: "ann" }), lead({ by: "bob" })])).toSorted();
    // or the second came when all was done
    expect([["done", "refused"], ["done", "unchanged"]]).toContainEqual(outcomesOfBoth);
    expect(new Set(await fleet.states()).size).toBe(1);
  }
});

test("an interruption before the commits changes nothing; during the commits they are finished", async () => {
  const slow = (phase: string): string => `const { ${phase} } = runtime; runtime.${phase} = async (...args) => { await pause(1500); return await ${phase}(...args); };`;
  const run = async (fleet: Fleet, isTime: () => Promise<boolean>) => {
    const child = spawn(process.execPath, [CLI, "apply", "fix-1.hotfix", "--to", "run/*.sock"], { cwd: fleet.world.folder });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => void (output += data));
    await expect.poll(isTime, { timeout: 20_000, interval: 20 }).toBe(true);
    await pause(100);
    child.kill("SIGINT");
    const [exit] = await once(child, "close");
    return { exit, output };
  };
  const [one, other] = await Promise.all([Fleet.start({ a: "", b: slow("prepare") }), Fleet.start({ a: "", b: slow("commit") })]);
  // a is held, b prepares
  const before = await run(one, async () => (await one.client("a").status()).busy);
  expect(before).toEqual({ exit: 2, output: expect.stringMatching(/a\.sock .* given up\n.*b\.sock .* given up\n[^]*HF3048: Interrupted; nothing was changed[^]*Nothing was changed in any process/) });
  await pause(2000);
  expect(await one.calls()).toEqual(["old", "old"]);
  expect((await one.client("b").status()).busy).toBe(false);
  // a is done, b commits
  const during = await run(other, async () => (await other.client("a").status()).state !== "base");
  expect(during).toEqual({ exit: 0, output: expect.stringMatching(/^Finishing: the processes have been told[^]*Applied patch/) });
  expect(await other.calls()).toEqual(["1", "1"]);
});

test("a process with two sockets is one process", async () => {
  const fleet = await Fleet.start({ a: `await listen("run/a2.sock");`, b: "" });
  const applied = await fleet.json(`apply fix-1.hotfix ${ALL}`);
  expect([applied.exit, ...outcomes(applied)]).toEqual([0, "a: applied", "a2: same", "b: applied"]);
  expect(applied.results[1].diagnostics).toMatchObject([{ code: "HF3051" }]);
});

test("workers of a cluster, each with its own socket", async () => {
  const fleet = await Fleet.start({});
  fleet.world.write("cluster.mjs", `import cluster from "node:cluster";
if (cluster.isPrimary) {
  let up = 0;
  for (let each = 0; each < 2; each++) cluster.fork().on("message", () => void (++up === 2 && process.send("up")));
  process.on("disconnect", () => process.exit());
} else {
  const { award } = await import("./shop.mjs");
  const { listen } = await import(${JSON.stringify(new URL("../../src/runtime/index.ts", import.meta.url).href)});
  await listen("run/worker-" + cluster.worker.id + ".sock");
  process.send("up");
}`);
  const child = spawn(process.execPath, ["cluster.mjs"], { cwd: fleet.world.folder, stdio: ["ignore", "inherit", "ignore", "ipc"] });
  try {
    await once(child, "message");
    const applied = await fleet.json(`apply fix-1.hotfix ${ALL}`);
    expect([applied.exit, ...outcomes(applied)]).toEqual([0, "worker-1: applied", "worker-2: applied"]);
    expect(new Set(applied.results.map(({ pid }: { pid: number }) => pid)).size).toBe(2);
    expect(await fleet.json(`rollback ${ALL}`)).toMatchObject({ exit: 0 });
  } finally {
    child.kill();
  }
});

test("confirming reaches all, and a host that cannot go back by itself refuses to promise it", async () => {
  const able = `runtime.confirm = async ({ by }) => ({ operation: "confirm", outcome: "confirmed", patch: "base", notices: [], diagnostics: [], by });`;
  const fleet = await Fleet.start({ a: able, b: able });
  expect(await fleet.json(`confirm ${ALL} --by ann`)).toMatchObject({ exit: 0, results: [{ socket: "run/a.sock", result: { outcome: "confirmed", by: "ann" } }, {}] });
  expect(await fleet.run("confirm --to run/a.sock")).toMatchObject({ status: 0, stdout: "Confirmed base at run/a.sock.\n" });
  await fleet.add("c", "delete runtime.confirm;");
  const refused = await fleet.json(`apply fix-1.hotfix ${ALL} --confirm-within 60s`);
  expect([refused.exit, ...outcomes(refused), refused.results[2].diagnostics[0].code]).toEqual([2, "a: given-up", "b: given-up", "c: refused", "HF3041"]);
  expect(await fleet.run(`confirm ${ALL}`)).toMatchObject({ status: 1, stdout: expect.stringMatching(/a\.sock .* confirmed\n.* confirmed\n.*c\.sock .* refused\n$/), stderr: expect.stringContaining("HF3041") });
});

test("on a terminal, one line tells how far it is; one process alone answers as if there were no others", async () => {
  const fleet = await Fleet.start({ a: "", b: "" });
  const lines: string[] = [];
  const shown = async (args: string): Promise<ExitCode | undefined> => {
    let status: ExitCode | undefined;
    lines.length = 0;
    const socket = (name: string): string => fleet.world.path(`run/${name}.sock`);
    await main(["node", "ts-hotfix", "apply", fleet.world.path("fix-1.hotfix"), "--to", socket("a"), "--to", socket("b"), ...args.split(" ").filter(Boolean)], {
      paint: PLAIN, print() {}, complain() {}, end: (code) => void (status = code), overwrite: (text) => void lines.push(text.replaceAll(`${fleet.world.folder}/`, "")),
    });
    return status;
  };
  expect(await shown("--json")).toBe(0);
  expect(lines).toEqual([]);
  expect(await fleet.json(`rollback ${ALL}`)).toMatchObject({ exit: 0 });
  expect(await shown("")).toBe(0);
  expect(lines.at(0)).toBe("Preparing 0 of 2: waiting for run/a.sock, run/b.sock");
  expect(lines).toContain("Committing 0 of 2: waiting for run/a.sock, run/b.sock");
  expect(lines.slice(-2)).toEqual(["Committing 2 of 2", ""]);

  expect(await fleet.run("apply fix-2.hotfix --check --to run/a.sock")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Ready: run\/a\.sock would go from patch \w+ to patch \w+\. Nothing was changed\.\n$/) });
  const ready = await fleet.json("apply fix-2.hotfix --check --to run/a.sock");
  expect(ready).toMatchObject({ exit: 0, socket: "run/a.sock", result: { outcome: "ready", from: expect.any(String) } });
  expect(ready.result.ticket).toBeUndefined();
  expect(await fleet.json("apply fix-1.hotfix --check --to run/a.sock")).toMatchObject({ exit: 3, result: { outcome: "unchanged" } });
  expect(await fleet.calls()).toEqual(["1", "1"]);
  fleet.signal("a", "SIGSTOP");
  expect(await fleet.json("apply fix-2.hotfix --to run/a.sock --timeout 300ms")).toMatchObject({ exit: 1, socket: "run/a.sock", outcome: "unreachable", diagnostics: [{ code: "HF3012" }] });
  expect(await fleet.json("status --to run/* --timeout 2s")).toMatchObject({ exit: 1, results: [{ diagnostics: [{ code: "HF3012" }] }, { status: { state: expect.any(String) } }] });
});

test("one process alone whose answer is lost tells by its state what it has done", async () => {
  const fleet = await Fleet.start({ a: `const { commit } = runtime; runtime.commit = async (ticket) => { const result = await commit(ticket); await pause(6000); return result; };` });
  expect(await fleet.run("apply fix-1.hotfix --to run/a.sock --timeout 5s")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Applied patch [0-9a-f]{12} at run\/a\.sock\. Its answer was lost/) });
  expect(await fleet.calls()).toEqual(["1"]);
  expect(await fleet.json("rollback --to run/a.sock --timeout 5s")).toMatchObject({ exit: 0, socket: "run/a.sock", result: { operation: "rollback", outcome: "rolled-back", patch: "base" } });
  expect(await fleet.calls()).toEqual(["old"]);
});
