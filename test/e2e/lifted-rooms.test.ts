/** Rooms of the game server are objects of a class, in worker threads: a bug in a method of theirs is fixed while they live. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { buildPatch } from "../../src/builder/build.ts";
import { ROOT, stageCopy, type Stage } from "../harness/stage.ts";

const run = promisify(execFile);
const ROOMS = ["lobby", "arena", "market", "harbour"];

let stage: Stage;
let server: ChildProcess;
let origin: string;

beforeAll(async () => {
  stage = stageCopy("rooms", join(ROOT, "fixtures", "game-server"));
  await run(process.execPath, [join(ROOT, "node_modules/ts-patch/bin/tspc.js"), "-p", "."], { cwd: stage.folder });
  server = spawn(process.execPath, ["dist/main.js"], { cwd: stage.folder, env: { ...process.env, PORT: "0", GAME_SOCKET: "game.sock", GAME_WORKERS: "2" }, stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: server.stdout as NodeJS.ReadableStream }), "line")) as [string];
  origin = `127.0.0.1:${(JSON.parse(line) as { port: number }).port}`;
}, 120_000);
afterAll(() => {
  server.kill("SIGKILL");
  stage.remove();
});

interface Seat {
  readonly socket: WebSocket;
  /** Resolves at the first tick from now on that tells of so many players. */
  told(players: number): Promise<void>;
}

async function sit(room: string, player: string): Promise<Seat> {
  const socket = new WebSocket(`ws://${origin}/play?room=${room}&player=${player}`);
  await once(socket, "message");
  return {
    socket,
    told: (players) =>
      new Promise((resolve) => {
        const hear = (data: unknown): void => {
          const message = JSON.parse(String(data)) as { type?: string; players?: number };
          if (message.type !== "tick" || message.players !== players) return;
          socket.off("message", hear);
          resolve();
        };
        socket.on("message", hear);
      }),
  };
}

async function operate(...args: readonly string[]): Promise<void> {
  await run(process.execPath, [join(ROOT, "bin/ts-hotfix.js"), ...args, "--to", "game.sock"], { cwd: stage.folder });
}

test("a method of rooms that are open is fixed in every thread, and comes back", async () => {
  const seats = await Promise.all(ROOMS.map((room) => sit(room, "stays")));
  for (const seat of await Promise.all(ROOMS.map((room) => sit(room, "goes")))) {
    seat.socket.close();
    await once(seat.socket, "close");
  }
  // who has left is still counted
  await Promise.all(seats.map((seat) => seat.told(2)));

  const file = stage.path("src/rooms.ts");
  const source = readFileSync(file, "utf8");
  writeFileSync(file, source.replace("return this.players.size;", "return this.present().length;").replace("  /** How many players", "  present(): Player[] {\n    return [...this.players.values()].filter(({ connection }) => connection !== undefined);\n  }\n\n  /** How many players"));
  const built = buildPatch({ base: stage.path("dist/hotfix.manifest.json"), source: stage.folder });
  if (built.outcome !== "built") throw new Error(JSON.stringify(built));
  expect([...built.replaced, ...built.added]).toEqual(["src/rooms.ts#Room/headcount", "src/rooms.ts#Room/present"]);
  writeFileSync(stage.path("fix.hotfix"), built.bytes);

  await operate("apply", "fix.hotfix");
  await Promise.all(seats.map((seat) => seat.told(1)));
  await operate("rollback");
  await Promise.all(seats.map((seat) => seat.told(2)));
  for (const { socket } of seats) socket.close();
}, 120_000);
