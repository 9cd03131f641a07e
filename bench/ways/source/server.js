// A server that keeps sessions in memory, and calls `price` in two ways: by its import, and by a reference it took when it started.
import { createServer } from "node:http";
import { price, sessions } from "./shop.js";

let current = { price, sessions };
const routes = new Map([["/captured", price]]);

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  if (pathname === "/login") current.sessions.set(searchParams.get("id"), 0);
  const answers = { "/price": () => current.price(10), "/captured": () => routes.get("/captured")(10), "/sessions": () => current.sessions.size, "/heap": () => (globalThis.gc?.(), process.memoryUsage().heapUsed) };
  response.end(String(answers[pathname]?.() ?? "ok"));
});
server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => process.send?.({ port: server.address().port }));
process.on("SIGTERM", () => server.close(() => process.exit(0)));

// As the manuals of module reloaders say: take what the new module exports. Nobody else has it.
import.meta.hot?.accept("./shop.js", (shop) => (current = shop));
