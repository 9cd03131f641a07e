/** Patches come and go under full HTTP load: every request is answered, and no answer is made of two versions. */
import { fork } from "node:child_process";
import { once } from "node:events";
import autocannon, { type Instance, type Result } from "autocannon";
import { expect, onTestFinished, test } from "vitest";
import { guarded, patchOf, SOURCES, World } from "../world.ts";

const PATCHES = 1000;
const CONNECTIONS = 10;
const SALT = "424242";

/** `pair` calls two functions that must agree; `handle` does so before and after it has waited. */
const shop = {
  names: "left right pair handle",
  body: `export ${guarded("left", "", "return 'old';")}
export ${guarded("right", "", "return 'old';")}
export ${guarded("pair", "", "return ['old', left(), right()];")}
export async ${guarded("handle", "wait", "const first = pair(); await wait(); return { first, second: pair(), third: pair() };")}`,
};

const code = `${["left", "right"].map((name) => guarded(name, "", `return '${SALT}';`)).join("\n")}
${guarded("pair", "", `return ['${SALT}', left(), right()];`)}
async ${guarded("handle", "wait", "const first = pair(); await wait(); return { first, second: pair(), third: pair() };")}`;

const server = `import { createServer } from "node:http";
import { handle } from "./shop.mjs";
const { apply, rollback } = await import(${JSON.stringify(new URL("runtime/index.ts", SOURCES).href)});
const text = ${JSON.stringify(JSON.stringify(patchOf({ "app:src/shop.ts": { functions: "left right pair handle", code } })))};
const wait = () => new Promise((done) => (Math.random() < 0.5 ? setImmediate(done) : setTimeout(done, Math.random() * 5)));
const captured = handle;
const server = createServer(async (request, response) => {
  try { response.end(JSON.stringify(await captured(wait))); } catch (error) { response.writeHead(500).end(String(error)); }
}).listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.once("message", async () => {
  const outcomes = {};
  for (let sequence = 1; sequence <= ${PATCHES}; sequence++) {
    for (const operation of [() => apply(JSON.parse(text.replaceAll("${SALT}", String(sequence)))), () => rollback()]) {
      const { outcome } = await operation();
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      // applying needs no turn of the event loop; the requests do
      await new Promise((done) => setImmediate(done));
    }
  }
  process.send({ outcomes });
});
process.once("disconnect", () => process.exit());`;

test(`${PATCHES} patches are applied and rolled back under full load: no request fails, no answer mixes versions`, { timeout: 240_000 }, async () => {
  const world = new World();
  world.writeHost("shop.mjs", shop);
  const child = fork(world.write("server.mjs", server), { execArgv: ["--no-warnings"] });
  onTestFinished(() => void child.kill());
  const [{ port }] = (await once(child, "message")) as [{ port: number }];

  let answers = 0;
  const mixed: string[] = [];
  const versions = new Set<string>();
  let inFlight = 0;
  const load: Instance = autocannon({
    url: `http://127.0.0.1:${port}/`, connections: CONNECTIONS, duration: 3600, timeout: 60,
    setupClient: (client) => void client.on("body", (body) => {
      answers++;
      const triples = Object.values(JSON.parse(String(body)) as Record<string, string[]>);
      for (const triple of triples) {
        if (new Set(triple).size === 1) versions.add(triple[0] ?? "");
        else mixed.push(String(body));
      }
      if (new Set(triples.flat()).size > 1) inFlight++;
    }),
  }, () => {});
  await new Promise((done) => load.once("response", done));
  child.send("begin");
  const [{ outcomes }] = (await once(child, "message")) as [{ outcomes: Record<string, number> }];
  const ended = new Promise<Result>((done) => load.once("done", done));
  load.stop();
  const { errors, timeouts, non2xx, resets } = await ended;

  expect(outcomes).toEqual({ applied: PATCHES, "rolled-back": PATCHES });
  expect(mixed).toEqual([]);
  expect({ errors, timeouts, non2xx, resets }).toEqual({ errors: 0, timeouts: 0, non2xx: 0, resets: 0 });
  // it was under load all the time, and calls were in flight when patches came
  expect(answers).toBeGreaterThan(PATCHES / 10);
  expect(versions.size).toBeGreaterThan(PATCHES / 100);
  expect(inFlight).toBeGreaterThan(0);
});
