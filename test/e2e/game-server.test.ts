/** The game server as its users build it, and what `npm run demo:game` says of it. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { checkPlay, type Check } from "../../demo/game/checks.ts";
import type { Play } from "../../demo/game/scenario.ts";
import { ROOT, stageCopy, type Stage } from "../harness/stage.ts";

const run = promisify(execFile);

let stage: Stage | undefined;
let server: ChildProcess | undefined;
let origin: string;

beforeAll(async () => {
  stage = stageCopy("game", join(ROOT, "fixtures", "game-server"));
  await run(process.execPath, [join(ROOT, "node_modules/ts-patch/bin/tspc.js"), "-p", "."], { cwd: stage.folder });
  server = spawn(process.execPath, ["dist/main.js"], { cwd: stage.folder, env: { ...process.env, PORT: "0", GAME_SOCKET: "game.sock" }, stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: server.stdout as NodeJS.ReadableStream }), "line")) as [string];
  origin = `127.0.0.1:${(JSON.parse(line) as { port: number }).port}`;
}, 120_000);
afterAll(() => {
  server?.kill("SIGKILL");
  stage?.remove();
});

class Player {
  readonly socket: WebSocket;
  readonly heard: Record<string, any>[] = [];

  constructor(query: string) {
    this.socket = new WebSocket(`ws://${origin}/play?${query}`);
    this.socket.on("message", (data) => this.heard.push(JSON.parse(String(data)) as Record<string, any>));
    this.socket.on("error", () => {});
  }

  say(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** The first message, heard already or still to come, that has all this. */
  async hears(expected: object): Promise<Record<string, any>> {
    const isMeant = (message: Record<string, any>): boolean => Object.entries(expected).every(([key, value]) => message[key] === value);
    for (;;) {
      const found = this.heard.find(isMeant);
      if (found !== undefined) return found;
      await once(this.socket, "message");
    }
  }
}

async function welcome(query: string): Promise<Player> {
  const player = new Player(query);
  await player.hears({ type: "welcome" });
  return player;
}

test("players of a room chat and trade, those of another room do not hear of it", async () => {
  const [ann, bob, eve] = await Promise.all(["room=a&player=ann", "room=a&player=bob", "room=b&player=eve"].map(welcome)) as [Player, Player, Player];
  ann.say({ seq: 1, do: "chat", text: "hello" });
  await bob.hears({ type: "chat", from: "ann", text: "hello" });
  ann.say({ seq: 2, do: "offer", to: "bob", gives: { gold: 10 }, wants: { potion: 2 } });
  const { offer } = await bob.hears({ type: "offered" });
  expect(await ann.hears({ re: 2 })).toMatchObject({ ok: true, gold: 990 });
  bob.say({ seq: 1, do: "accept", offer });
  expect(await bob.hears({ re: 1 })).toMatchObject({ ok: true, gold: 1010 });
  await ann.hears({ type: "traded", offer });
  ann.say({ seq: 3, do: "bag" });
  expect((await ann.hears({ re: 3 }))["bag"]).toEqual({ gold: 990, potion: 7, sword: 0 });
  expect(eve.heard.filter(({ type }) => type !== "tick")).toHaveLength(1);
  const { rooms } = (await (await fetch(`http://${origin}/audit`)).json()) as { rooms: Record<string, any>[] };
  expect(rooms.find(({ room }) => room === "a")).toMatchObject({ players: 2, held: 2000, shop: 10_000, onOffer: 0, issued: 12_000, gaps: 0 });
});

test("an offer that nobody takes goes back, what the shop sells is paid", async () => {
  const [carl] = await Promise.all(["room=c&player=carl", "room=c&player=dora"].map(welcome)) as [Player];
  carl.say({ seq: 1, do: "offer", to: "dora", gives: { gold: 100 }, wants: { sword: 1 } });
  expect(await carl.hears({ re: 1 })).toMatchObject({ gold: 900 });
  expect(await carl.hears({ type: "returned" })).toMatchObject({ gold: 1000 });
  carl.say({ seq: 2, do: "buy", item: "sword", count: 2 });
  expect(await carl.hears({ re: 2 })).toMatchObject({ ok: true, gold: 700 });
  carl.say({ seq: 3, do: "buy", item: "sword", count: 5 });
  expect(await carl.hears({ re: 3 })).toMatchObject({ ok: false, gold: 700 });
  carl.say({ seq: 4, do: "sell", item: "sword", count: 1 });
  expect(await carl.hears({ re: 4 })).toMatchObject({ ok: true, gold: 775 });
});

test("what is not exactly a command is not understood, and harms nobody", async () => {
  const mallory = await welcome("room=m&player=mallory");
  const wrong = [
    "", "{", "null", "[]", '"chat"', "{}", '{"__proto__":{"seq":1,"do":"bag"}}',
    { do: "bag" }, { seq: 0, do: "bag" }, { seq: "1", do: "bag" }, { seq: 1.5, do: "bag" }, { seq: 1, do: "bag", more: 1 }, { seq: 1, do: "constructor" }, { seq: 1, do: 1 },
    { seq: 1, do: "chat" }, { seq: 1, do: "chat", text: "" }, { seq: 1, do: "chat", text: "x".repeat(201) },
    { seq: 1, do: "buy", item: "gold", count: 1 }, { seq: 1, do: "buy", item: "potion", count: -1 }, { seq: 1, do: "buy", item: "potion", count: 0.5 }, { seq: 1, do: "buy", item: "potion", count: 1e300 },
    { seq: 1, do: "offer", to: "bob", gives: { gold: -5 }, wants: {} }, { seq: 1, do: "offer", to: "bob", gives: { love: 1 }, wants: {} }, { seq: 1, do: "offer", to: "bob", gives: [], wants: {} },
    { seq: 1, do: "accept", offer: null },
  ];
  for (const message of wrong) mallory.say(message);
  mallory.socket.send(Buffer.from([0, 1, 2]));
  mallory.say({ seq: 1, do: "bag" });
  await mallory.hears({ re: 1, ok: true });
  expect(mallory.heard.filter(({ error }) => error === "not understood")).toHaveLength(wrong.length + 1);
  mallory.say(`{"seq":2,"do":"chat","text":"${"x".repeat(5000)}"}`);
  expect((await once(mallory.socket, "close"))[0]).toBe(1009);
});

test("only who says where and who gets in, and only once", async () => {
  await welcome("room=once&player=only");
  const [code] = (await once(new Player("room=once&player=only").socket, "close")) as [number];
  expect(code).toBe(4000);
  for (const query of ["", "room=a", "room=A&player=x", "room=a&player=../x", `room=a&player=${"x".repeat(25)}`]) {
    expect((await once(new Player(query).socket, "error"))[0]).toMatchObject({ message: "Unexpected server response: 400" });
  }
  expect((await fetch(`http://${origin}/secrets`)).status).toBe(404);
});

test("told to end, it says goodbye", async () => {
  const last = await welcome("room=z&player=last");
  const gone = once(last.socket, "close");
  const ended = once(server as ChildProcess, "exit");
  server?.stdin?.end();
  expect((await gone)[0]).toBe(1001);
  expect((await ended)[0]).toBe(0);
});

test("the demo fixes all threads of it under play", async () => {
  const { stdout } = await run(process.execPath, ["demo/run.js", "game", "--json", "--players", "30", "--workers", "2", "--seconds", "1", "--build", "rollup"], { cwd: ROOT, timeout: 110_000, maxBuffer: 1 << 24 });
  const { ok, checks, ...played } = JSON.parse(stdout) as Play & { readonly ok: boolean; readonly checks: readonly Check[] };
  expect(checks.filter(({ holds }) => !holds)).toEqual([]);
  expect(ok).toBe(true);
  expect(played.spells.map(({ state }) => state)).toEqual(["base", "fixed", "base", "fixed"]);
  expect(played.changes.map(({ result }) => result.outcome)).toEqual(["applied", "rolled-back", "applied"]);
  expect(played.books.received).toBeGreaterThan(played.books.sent);

  const failing = (...edits: readonly ((play: any) => void)[]): readonly number[] =>
    edits.map((edit) => {
      const copy = structuredClone(played);
      edit(copy);
      return checkPlay(copy).findIndex(({ holds }) => !holds);
    });
  expect(failing(
    ({ spells }) => (spells[2].gold.last = spells[2].gold.first), ({ spells }) => (spells[0].doubles = 0),
    ({ spells }) => (spells[3].gold.constant = false),
    ({ spells }) => (spells[1].doubles = 1), ({ spells }) => (spells[1].tries = 0),
    ({ changes }) => changes[0].result.threads.pop(), ({ changes }) => (changes[1].result.threads[0].outcome = "behind"),
    ({ inspections }) => (inspections[1].status.state = "base"), ({ inspections }) => (inspections[1].status.threads[0].isInStep = false),
    ({ books }) => books.dropped++, ({ audit }) => audit.connections--,
    ({ books }) => books.lost++, ({ books }) => books.unanswered++, ({ books }) => books.misplaced++, ({ audit }) => audit.gaps++,
    ({ books }) => books.disputed++, ({ books }) => books.gold++,
  )).toEqual([0, 0, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 6, 6, 7, 7]);
}, 120_000);
