// How long a whole apply over the control socket takes, from the client's file to its result. The host is another process.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const { entry, payload, applies, socket } = JSON.parse(process.argv[2]);
process.removeAllListeners("warning").on("warning", () => {});

if (socket !== undefined) {
  const { listen } = await import("ts-hotfix");
  await import(pathToFileURL(entry).href);
  await listen(socket);
  process.send("ready");
  // the socket keeps no process alive; the client does
  process.on("message", () => {});
} else {
  const { ControlClient } = await import("../../dist/src/control/client.js");
  const { demand, percentile, variantsOf } = await import("./variants.mjs");
  const folder = mkdtempSync(join(tmpdir(), "hotfix-"));
  const path = join(folder, "s");
  const host = fork(fileURLToPath(import.meta.url), [JSON.stringify({ entry, socket: path })]);
  try {
    await once(host, "message");
    const client = new ControlClient(path);
    const variant = variantsOf(payload);
    const times = [];
    for (let sequence = 1; sequence <= applies; sequence++) {
      const file = variant(sequence);
      const start = performance.now();
      demand(await client.apply(file), "applied");
      times.push(performance.now() - start);
      demand(await client.rollback("base"), "rolled-back");
    }
    console.log(JSON.stringify({ p50: percentile(times, 50), p99: percentile(times, 99) }));
  } finally {
    host.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
