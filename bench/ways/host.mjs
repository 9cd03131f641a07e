// The program as it is run in one of the ways, told by messages when the fix comes.
import cluster from "node:cluster";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { way, folder } = JSON.parse(process.argv[2]);
const shop = join(folder, "shop.js");
const answer = async (fix) => {
  process.on("message", async ({ text }) => {
    try {
      await fix(text);
      process.send({ done: true });
    } catch (error) {
      process.send({ failed: String(error) });
    }
  });
};

switch (way) {
  case "rolling restart": {
    // Two workers share the port; each is replaced when its successor listens.
    if (cluster.isPrimary) {
      cluster.setupPrimary({ args: process.argv.slice(2) });
      const start = async () => {
        const worker = cluster.fork();
        const [message] = await once(worker, "message");
        return { worker, ...message };
      };
      const workers = [await start(), await start()];
      process.send({ port: workers[0].port });
      process.on("SIGTERM", () => process.exit(0));
      await answer(async (text) => {
        writeFileSync(shop, text);
        for (const { worker } of workers) {
          await start();
          worker.disconnect();
          await once(worker, "exit");
        }
      });
    } else await import(pathToFileURL(join(folder, "server.js")).href);
    break;
  }
  case "module reloading": {
    const { createServer, createServerModuleRunner } = await import("vite");
    const vite = await createServer({ root: folder, configFile: false, logLevel: "silent", appType: "custom", server: { middlewareMode: true, ws: false } });
    const runner = createServerModuleRunner(vite.environments.ssr);
    await runner.import("/server.js");
    // There is no moment at which it says that it is done: who asks has to wait until the answer is the new one.
    await answer((text) => writeFileSync(shop, text));
    break;
  }
  case "live editing": {
    const session = new Session();
    session.connect();
    const post = (method, params) => new Promise((done, failed) => session.post(method, params, (error, result) => (error ? failed(new Error(error.message)) : done(result))));
    let scriptId = "";
    session.on("Debugger.scriptParsed", ({ params }) => params.url.endsWith("/shop.js") && (scriptId = params.scriptId));
    await post("Debugger.enable");
    await import(pathToFileURL(join(folder, "server.js")).href);
    await answer(async (scriptSource) => {
      const { status = "Ok" } = await post("Debugger.setScriptSource", { scriptId, scriptSource });
      if (status !== "Ok") throw new Error(status);
    });
    break;
  }
  default:
    await import(pathToFileURL(join(folder, "server.js")).href);
    await answer((text) => writeFileSync(shop, text));
}
