/** What a player counts, all by himself: his goods, and the messages that he should have got. */

export type Good = "gold" | "potion" | "sword";
export type Goods = Readonly<Partial<Record<Good, number>>>;

export interface Books {
  sent: number;
  received: number;
  /** Commands whose answer is not there. Only those under way, if all is well. */
  unanswered: number;
  /** Messages whose number was left out. */
  lost: number;
  /** Messages whose number had been there: sent twice, or out of order. */
  misplaced: number;
  /** Times that the server said something else about the player's goods than his own book. */
  disputed: number;
  /** Connections that ended unasked. */
  dropped: number;
  /** Offers that were accepted a second time, and how many of these with success. */
  tries: number;
  doubles: number;
  gold: number;
}

export function emptyBooks(): Books {
  return { sent: 0, received: 0, unanswered: 0, lost: 0, misplaced: 0, disputed: 0, dropped: 0, tries: 0, doubles: 0, gold: 0 };
}

export function sumBooks(all: readonly Books[]): Books {
  const sum = emptyBooks();
  for (const books of all) for (const entry of Object.keys(sum) as (keyof Books)[]) sum[entry] += books[entry];
  return sum;
}

/** A stream of messages with consecutive numbers. */
export class Stream {
  #last: number;
  readonly #books: Books;

  constructor(books: Books, last = 0) {
    this.#books = books;
    this.#last = last;
  }

  get last(): number {
    return this.#last;
  }

  follow(number: number): void {
    if (number <= this.#last) this.#books.misplaced++;
    else this.#books.lost += number - this.#last - 1;
    this.#last = Math.max(this.#last, number);
  }
}
