/** A player at the other end of a real WebSocket. Says what its habits tell it to and keeps its own books. */
import { WebSocket } from "ws";
import { emptyBooks, Stream, type Books, type Good, type Goods } from "./books.ts";

export type Words =
  | { readonly do: "chat"; readonly text: string }
  | { readonly do: "bag" }
  | { readonly do: "buy" | "sell"; readonly item: "potion" | "sword"; readonly count: number }
  | { readonly do: "offer"; readonly to: string; readonly gives: Goods; readonly wants: Goods }
  | { readonly do: "accept" | "cancel"; readonly offer: number };

export interface Offered {
  readonly offer: number;
  readonly gives: Goods;
  readonly wants: Goods;
}

export interface Answer {
  readonly ok: boolean;
  readonly offer?: number;
  readonly bag?: Readonly<Record<Good, number>>;
  readonly gold: number;
}

interface Notice extends Offered {
  readonly type: "welcome" | "offered" | "traded" | "returned";
  readonly events: number;
  readonly bag: Readonly<Record<Good, number>>;
  readonly gold: number;
}

type Message = (Answer & { readonly re: number }) | (Notice & { readonly notice: number }) | { readonly event: number };

interface Said {
  readonly words: Words;
  readonly answered: (answer: Answer) => void;
}

const PRICES = { buy: { potion: 6, sword: 150 }, sell: { potion: 3, sword: 75 } } as const;

export class Bot {
  readonly books: Books = emptyBooks();
  readonly mate: string;
  /** Set while the bot is to notice what it is offered. */
  onOffered: ((offered: Offered) => void) | undefined;
  readonly #socket: WebSocket;
  readonly #said = new Map<number, Said>();
  readonly #offers = new Map<number, Offered>();
  readonly #answers = new Stream(this.books);
  readonly #notices = new Stream(this.books);
  #events = new Stream(this.books);
  #bag: Record<Good, number> = { gold: 0, potion: 0, sword: 0 };
  #leaving = false;

  constructor(origin: string, room: string, name: string, mate: string, welcomed: () => void) {
    this.mate = mate;
    this.#socket = new WebSocket(`${origin}/play?room=${room}&player=${name}`, { perMessageDeflate: false });
    this.#socket.on("message", (data) => this.#hear(JSON.parse(String(data)) as Message, welcomed));
    this.#socket.on("error", () => this.#socket.terminate());
    this.#socket.on("close", () => void (this.#leaving || this.books.dropped++));
  }

  get isConnected(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  get bag(): Readonly<Record<Good, number>> {
    return this.#bag;
  }

  /** Resolves with the answer; never, if the answer is lost. */
  say(words: Words): Promise<Answer> {
    const seq = ++this.books.sent;
    this.books.unanswered++;
    this.#socket.send(JSON.stringify({ seq, ...words }));
    return new Promise((answered) => this.#said.set(seq, { words, answered }));
  }

  leave(): void {
    this.#leaving = true;
    this.#socket.close();
  }

  #hear(message: Message, welcomed: () => void): void {
    this.books.received++;
    if ("event" in message) {
      this.#events.follow(message.event);
      return;
    }
    if ("re" in message) {
      this.#answers.follow(message.re);
      this.#hearAnswer(message);
    } else {
      this.#notices.follow(message.notice);
      this.#hearNotice(message);
      if (message.type === "welcome") welcomed();
    }
    this.books.gold = this.#bag.gold;
    if (this.#bag.gold !== message.gold) this.books.disputed++;
  }

  #hearAnswer(answer: Answer & { readonly re: number }): void {
    const said = this.#said.get(answer.re);
    if (said === undefined) return;
    this.#said.delete(answer.re);
    this.books.unanswered--;
    if (answer.ok) this.#enter(said.words, answer);
    said.answered(answer);
  }

  /** Enters into the books what a command has brought about. */
  #enter(words: Words, { offer, bag }: Answer): void {
    switch (words.do) {
      case "buy":
      case "sell": {
        const sign = words.do === "buy" ? 1 : -1;
        this.#book({ [words.item]: words.count, gold: -PRICES[words.do][words.item] * words.count }, sign);
        break;
      }
      case "offer":
        this.#offers.set(offer ?? 0, { offer: offer ?? 0, gives: words.gives, wants: words.wants });
        this.#book(words.gives, -1);
        break;
      case "accept":
        this.#book(this.#offers.get(words.offer)?.gives, 1);
        this.#book(this.#offers.get(words.offer)?.wants, -1);
        break;
      case "cancel":
        this.#book(this.#offers.get(words.offer)?.gives, 1);
        break;
      case "bag":
        if (JSON.stringify(bag) !== JSON.stringify(this.#bag)) this.books.disputed++;
        break;
      case "chat":
        break;
    }
  }

  #hearNotice(notice: Notice): void {
    switch (notice.type) {
      case "welcome":
        this.#bag = { ...notice.bag };
        this.#events = new Stream(this.books, notice.events);
        break;
      case "offered":
        this.#offers.set(notice.offer, { offer: notice.offer, gives: notice.gives, wants: notice.wants });
        this.onOffered?.(notice);
        break;
      case "traded":
        this.#book(this.#offers.get(notice.offer)?.wants, 1);
        break;
      case "returned":
        this.#book(this.#offers.get(notice.offer)?.gives, 1);
        break;
    }
  }

  #book(goods: Goods = {}, sign: 1 | -1): void {
    for (const good of ["gold", "potion", "sword"] as const) this.#bag[good] += sign * (goods[good] ?? 0);
  }
}
