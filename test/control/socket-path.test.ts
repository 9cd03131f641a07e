/** One path, several processes that want it. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { ControlClient } from "../../src/control/client.ts";
import { SOURCES, World } from "../runtime/world.ts";

const INDEX = JSON.stringify(new URL("runtime/index.ts", SOURCES).href);
const SERVER = JSON.stringify(new URL("control/server.ts", SOURCES).href);

async function started(world: World, count: number) {
  world.write("host.mjs", `import { listen } from ${INDEX}; await import(${SERVER});
process.on("message", async () => { try { await listen("app.sock"); process.send("listens"); } catch (error) { process.send(error.code ?? String(error)); } });
process.send("up");`);
  return await Promise.all(Array.from({ length: count }, async () => {
    const child = fork(world.path("host.mjs"), [], { cwd: world.folder });
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child, "message");
    return child;
  }));
}

test("of processes that open the same socket at the same moment one gets it, and the others are told", { timeout: 60_000 }, async () => {
  const world = new World();
  const processes = await started(world, 4);
  // at a path that is free, then at one where a process that was killed has left its socket
  for (const left of [4, 3, 2]) {
    const said = await Promise.all(processes.map(async (child) => {
      const answer = once(child, "message");
      child.send("listen");
      return (await answer)[0] as string;
    }));
    expect(said.toSorted()).toEqual([...Array<string>(left - 1).fill("HF3010"), "listens"]);
    const winner = processes.splice(said.indexOf("listens"), 1)[0];
    const client = new ControlClient(world.path("app.sock"));
    expect(await client.status()).toMatchObject({ pid: winner?.pid });
    winner?.kill("SIGKILL");
    await once(winner ?? process, "exit");
    expect(existsSync(world.path("app.sock"))).toBe(true);
  }
});

test("the socket goes with its process, also if that has changed its working directory", async () => {
  const world = new World();
  world.write("host.mjs", `import { listen } from ${INDEX}; await listen("app.sock"); process.chdir("/"); process.send("up"); process.on("message", () => process.exit());`);
  const child = fork(world.path("host.mjs"), [], { cwd: world.folder });
  await once(child, "message");
  expect(existsSync(world.path("app.sock"))).toBe(true);
  child.send("end");
  await once(child, "exit");
  expect(existsSync(world.path("app.sock"))).toBe(false);
});
