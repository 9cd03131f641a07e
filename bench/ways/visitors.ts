/** Clients that keep their connections and ask all the time. */
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const CONNECTIONS = 10;

export interface Seen {
  readonly requests: number;
  readonly failed: number;
  /** Connections that the server's side ended. */
  readonly lost: number;
  /** Milliseconds. */
  readonly longestGap: number;
}

export class Visitors {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  readonly #end = new AbortController();
  readonly #going: readonly Promise<void>[];
  #requests = 0;
  #failed = 0;
  #lost = 0;
  #last: number = performance.now();
  #longestGap = 0;

  constructor(port: number) {
    this.#port = port;
    const known = new WeakSet<object>();
    this.#agent.on("free", (socket) => {
      if (known.has(socket)) return;
      known.add(socket);
      socket.once("close", () => void (this.#end.signal.aborted || this.#lost++));
    });
    this.#going = Array.from({ length: CONNECTIONS }, () => this.#visit());
  }

  /** What the server answers now; undefined where it does not. */
  async ask(path: string): Promise<string | undefined> {
    return await new Promise((done) => {
      const asked = request({ host: "127.0.0.1", port: this.#port, path, agent: this.#agent, timeout: 5000 }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += String(chunk)));
        response.on("end", () => done(text));
        response.on("error", () => done(undefined));
      });
      asked.on("error", () => done(undefined));
      asked.end();
    });
  }

  async end(): Promise<Seen> {
    this.#end.abort();
    await Promise.all(this.#going);
    this.#agent.destroy();
    return { requests: this.#requests, failed: this.#failed, lost: this.#lost, longestGap: this.#longestGap };
  }

  async #visit(): Promise<void> {
    while (!this.#end.signal.aborted) {
      const answer = await this.ask("/price");
      this.#requests++;
      if (answer === undefined) this.#failed++;
      else {
        this.#longestGap = Math.max(this.#longestGap, performance.now() - this.#last);
        this.#last = performance.now();
      }
      await sleep(answer === undefined ? 5 : 1);
    }
  }
}
