/** What bots do all day. */
import type { Bot, Offered, Words } from "./bot.ts";

export interface Habit {
  /** Between two actions, in milliseconds; each time between half and one and a half of it. */
  readonly every: number;
  act(bot: Bot): Promise<void>;
  consider(bot: Bot, offered: Offered): Promise<void>;
}

const CHAT = ["anyone selling potions?", "the harbour is full of cats again", "trade you a sword", "brb", "who took my horse"] as const;

const THINGS_TO_SAY: readonly ((bot: Bot) => Words)[] = [
  () => ({ do: "chat", text: pick(CHAT) }),
  () => ({ do: "chat", text: pick(CHAT) }),
  ({ bag }) => ({ do: bag.potion > 8 ? "sell" : "buy", item: "potion", count: 1 }),
  ({ mate }) => ({ do: "offer", to: mate, gives: { gold: 7 }, wants: { potion: 1 } }),
  ({ mate }) => ({ do: "offer", to: mate, gives: { potion: 1 }, wants: { gold: 7 } }),
  () => ({ do: "bag" }),
];

/** Chats, shops, trades with a mate. Takes two offers of three; some it makes it takes back, some expire. */
export const HONEST: Habit = {
  every: 700,
  async act(bot) {
    const { offer } = await bot.say(pick(THINGS_TO_SAY)(bot));
    if (offer !== undefined && Math.random() < 0.1) await bot.say({ do: "cancel", offer });
  },
  async consider(bot, { offer }) {
    if (Math.random() < 0.67) await bot.say({ do: "accept", offer });
  },
};

/** Gives a mate gold as a present; the mate takes it twice. */
export const GREEDY: Habit = {
  every: 400,
  async act(bot) {
    await bot.say({ do: "offer", to: bot.mate, gives: { gold: 50 }, wants: {} });
  },
  async consider(bot, { offer }) {
    const [, second] = await Promise.all([bot.say({ do: "accept", offer }), bot.say({ do: "accept", offer })]);
    bot.books.tries++;
    if (second.ok) bot.books.doubles++;
  },
};

/** Goes on until the signal. */
export function live(bot: Bot, habit: Habit, end: AbortSignal): void {
  bot.onOffered = (offered) => void habit.consider(bot, offered);
  const wait = (): NodeJS.Timeout => setTimeout(act, habit.every * (0.5 + Math.random()));
  const act = (): void => {
    timer = wait();
    void habit.act(bot);
  };
  let timer = wait();
  end.addEventListener("abort", () => {
    clearTimeout(timer);
    bot.onOffered = undefined;
  });
}

function pick<T>(choices: readonly T[]): T {
  return choices[Math.floor(Math.random() * choices.length)] as T;
}
