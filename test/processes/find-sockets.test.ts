import { once } from "node:events";
import { mkdirSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { parseDuration } from "../../src/cli/duration.ts";
import { columns } from "../../src/cli/columns.ts";
import { findSockets } from "../../src/processes/find-sockets.ts";
import { runCli } from "../cli/run-cli.ts";
import { World } from "../runtime/world.ts";

async function sockets(world: World, ...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const server = createServer().listen(world.path(path));
    await once(server, "listening");
    onTestFinished(() => void server.close());
  }
}

test("patterns find sockets, each once and always in the same order; what is there is taken as it stands", async () => {
  const world = new World();
  for (const folder of ["run", "run/deep", "run/deep/er"]) mkdirSync(world.path(folder));
  await sockets(world, "run/b.sock", "run/a.sock", "run/deep/c.sock", "run/deep/er/d.sock", "run/[x].sock", "run/.hidden.sock");
  world.write("run/file.sock", "no socket");
  symlinkSync(world.path("run/a.sock"), world.path("run/link.sock"));
  const found = (...patterns: string[]) => findSockets(patterns.map((each) => world.path(each))).map(({ path, isNamed }) => `${path.slice(world.folder.length + 1)}${isNamed ? " named" : ""}`);
  expect(found("run/[ab].sock")).toEqual(["run/a.sock", "run/b.sock"]);
  expect(found("run/?.sock", "run/b.sock")).toEqual(["run/a.sock", "run/b.sock named"]);
  expect(found("run/b.sock", "run/link.sock", "run/*.sock")).toEqual(["run/[x].sock", "run/link.sock named", "run/b.sock named"]);
  expect(found("run/*/*.sock")).toEqual(["run/deep/c.sock"]);
  expect(found("run/**/{c,d}.sock")).toEqual(["run/deep/c.sock", "run/deep/er/d.sock"]);
  expect(found("run/[x].sock")).toEqual(["run/[x].sock named"]);
  expect(found("run/nobody.sock")).toEqual(["run/nobody.sock named"]);
  expect(() => found("run/a.sock", "run/*.socket")).toThrow("HF3042");
  expect(() => found("gone/*.sock")).toThrow("HF3042");
  const long = "a".repeat(300);
  expect(found("run/file.sock/a.sock", long)).toEqual([`${long} named`, "run/file.sock/a.sock named"]);
  for (const pattern of ["run/file.sock/*.sock", `${long}/*`]) expect(() => found(pattern)).toThrow("HF3042");
  symlinkSync(world.path("run/round.sock"), world.path("run/round.sock"));
  expect(found("run/?[^x]*.sock")).not.toContain("run/round.sock");
  expect(await runCli(world.folder, "apply fix.hotfix --to gone/*.sock")).toMatchObject({ status: 1, stderr: expect.stringContaining("error HF3042: No socket matches `gone/*.sock`.") });
});

test("durations have a unit", async () => {
  expect(["500ms", "2s", "1.5m", "1h", "0.5ms"].map(parseDuration)).toEqual([500, 2000, 90_000, 3_600_000, 1]);
  for (const text of ["", "2", "2 s", "-1s", "0s", "1d", "99999999h", "1e3s", "s"]) expect(() => parseDuration(text), text).toThrow("with its unit");
  const world = new World();
  expect(JSON.parse((await runCli(world.folder, "apply fix.hotfix --to x.sock --barrier-timeout 2000 --json")).stdout)).toMatchObject({ command: "apply", diagnostics: [{ code: "HF0006", message: expect.stringContaining("with its unit") }] });
});

test("columns stand under each other, and show what steers terminals", () => {
  expect(columns([["a", "b", "c"], ["long\u001b[2J", "", "x"], ["", "y", ""]])).toEqual(["a              b  c", "long\\u{1b}[2J     x", "               y"]);
});
