// Starts the server as a process of its own and asks it for something; when that is there, for its heap.
import { fork } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { fileURLToPath, pathToFileURL } from "node:url";

const { entry, isServer } = JSON.parse(process.argv[2]);

if (isServer) {
  const { listening } = await import(pathToFileURL(entry).href);
  process.send({ port: await listening });
  process.on("message", async () => {
    for (let i = 0; i < 4; i++) {
      globalThis.gc();
      await new Promise((done) => setTimeout(done, 10));
    }
    process.send({ heap: process.memoryUsage().heapUsed });
  });
} else {
  const start = process.hrtime.bigint();
  const server = fork(fileURLToPath(import.meta.url), [JSON.stringify({ entry, isServer: true })], { execArgv: ["--expose-gc"] });
  const [{ port }] = await once(server, "message");
  await new Promise((done, failed) => get({ port, host: "127.0.0.1", agent: false }, (response) => response.resume().on("end", done)).on("error", failed));
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  server.send("heap");
  const [{ heap }] = await once(server, "message");
  server.kill();
  console.log(JSON.stringify({ ms, heap }));
}
