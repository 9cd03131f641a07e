/** The process of the bots: an event loop of their own, so that the server's is the server's. Does what the crowd asks. */
import { setTimeout as sleep } from "node:timers/promises";
import { Bot } from "./bot.ts";
import { sumBooks, type Books } from "./books.ts";
import type { Errand } from "./crowd.ts";
import { GREEDY, HONEST, live } from "./habits.ts";

/** Bots that connect at the same time. */
const AT_ONCE = 50;
/** How long is waited for answers, in milliseconds. Those that are not there then are told of as missing. */
const LONGEST_ANSWER = 5000;

const bots: { readonly bot: Bot; readonly isGreedy: boolean }[] = [];
const ending = new AbortController();

process.on("message", ({ id, errand }: { id: number; errand: Errand }) => {
  run(errand).then(
    (books) => process.send?.({ id, books }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.on("disconnect", () => process.exit());

async function run(errand: Errand): Promise<Books> {
  switch (errand.kind) {
    case "connect":
      await connect(errand.origin, errand.players, errand.rooms);
      break;
    case "play":
      for (const { bot, isGreedy } of bots) live(bot, isGreedy ? GREEDY : HONEST, ending.signal);
      break;
    case "count":
      // an answer is behind everything that was told before it
      await Promise.race([Promise.all(bots.filter(({ bot }) => bot.isConnected).map(({ bot }) => bot.say({ do: "bag" }))), sleep(LONGEST_ANSWER)]);
      break;
    case "rest":
      ending.abort();
      break;
    case "leave":
      for (const { bot } of bots) bot.leave();
      break;
  }
  return sumBooks(bots.map(({ bot }) => bot.books));
}

/** Two mates are always in one room, and the first two of each room are greedy. */
async function connect(origin: string, players: number, rooms: number): Promise<void> {
  for (let first = 0; first < players; first += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, players - first) }, (_, index) => first + index);
    await Promise.all(batch.map((number) => enter(origin, number, rooms)));
  }
}

function enter(origin: string, number: number, rooms: number): Promise<void> {
  const pair = Math.floor(number / 2);
  return new Promise((welcomed) => {
    const bot = new Bot(origin, `room-${pair % rooms}`, `player-${number}`, `player-${number % 2 === 0 ? number + 1 : number - 1}`, welcomed);
    bots.push({ bot, isGreedy: pair < rooms });
  });
}
