/** The gold on the server, watched while the game goes on. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Server } from "../server.ts";

interface RoomAudit {
  readonly players: number;
  readonly held: number;
  readonly shop: number;
  readonly onOffer: number;
  readonly issued: number;
  readonly gaps: number;
}

export interface Audit {
  readonly connections: number;
  readonly players: number;
  /** Gold in the players' bags; with what lies in shops and with open offers it is `gold`. */
  readonly held: number;
  readonly onOffer: number;
  readonly gold: number;
  /** Gold that the game has given out. What there is beyond it was made by players. */
  readonly issued: number;
  /** Messages of players that the server did not get, or got twice or out of order. */
  readonly gaps: number;
}

export interface Watch {
  readonly seconds: number;
  readonly readings: number;
  readonly first: number;
  readonly last: number;
  /** No two readings differ. */
  readonly constant: boolean;
}

/** Between two readings, in milliseconds. */
const INTERVAL = 200;

export async function readAudit(server: Server): Promise<Audit> {
  const { connections, rooms } = (await server.ask("GET", "/audit")) as { connections: number; rooms: readonly RoomAudit[] };
  const sum = (entry: keyof RoomAudit): number => rooms.reduce((total, room) => total + room[entry], 0);
  return {
    connections,
    players: sum("players"),
    held: sum("held"),
    onOffer: sum("onOffer"),
    gold: sum("held") + sum("shop") + sum("onOffer"),
    issued: sum("issued"),
    gaps: sum("gaps"),
  };
}

/** Reads the gold once in a while, the first time at once. */
export class GoldWatch {
  readonly #server: Server;
  readonly #begin: number = performance.now();
  readonly #readings: number[];

  private constructor(server: Server, first: number) {
    this.#server = server;
    this.#readings = [first];
  }

  static async begin(server: Server): Promise<GoldWatch> {
    return new GoldWatch(server, (await readAudit(server)).gold);
  }

  /** Goes on for as many seconds. */
  async goOn(seconds: number, signal: AbortSignal): Promise<void> {
    const end = performance.now() + seconds * 1000;
    do {
      await sleep(INTERVAL, undefined, { signal });
      this.#readings.push((await readAudit(this.#server)).gold);
    } while (performance.now() < end);
  }

  get result(): Watch {
    const [first = 0] = this.#readings;
    return {
      seconds: (performance.now() - this.#begin) / 1000,
      readings: this.#readings.length,
      first,
      last: this.#readings.at(-1) ?? first,
      constant: this.#readings.every((gold) => gold === first),
    };
  }
}
