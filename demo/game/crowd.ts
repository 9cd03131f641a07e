/** The bots, from the outside. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Books } from "./books.ts";

export type Errand =
  | { readonly kind: "connect"; readonly origin: string; readonly players: number; readonly rooms: number }
  /** Do as they are used to, from now on. */
  | { readonly kind: "play" }
  /** Books that hold everything the server has told by now. */
  | { readonly kind: "count" }
  /** Neither act nor react any more. */
  | { readonly kind: "rest" }
  | { readonly kind: "leave" };

export interface Crowd {
  /** Resolves with the sum of the bots' books when it is done. */
  run(errand: Errand): Promise<Books>;
  stop(): Promise<void>;
}

interface Reply {
  readonly id: number;
  readonly books?: Books;
  readonly error?: string;
}

/** How long an errand may take, in milliseconds. */
const LONGEST_ERRAND = 20_000;

export function gatherCrowd(): Crowd {
  const child = fork(fileURLToPath(new URL("bots.js", import.meta.url)), { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  child.on("message", (reply: Reply) => waiting.get(reply.id)?.(reply));
  child.on("exit", (code) => {
    for (const [id, settle] of waiting) settle({ id, error: `their process ended with code ${code}` });
  });
  return {
    run(errand) {
      const id = ++last;
      child.send({ id, errand });
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => settle({ id, error: "no answer" }), LONGEST_ERRAND);
        const settle = ({ books, error }: Reply): void => {
          clearTimeout(timer);
          waiting.delete(id);
          if (books === undefined) reject(new Error(`bots, ${errand.kind}: ${error}`));
          else resolve(books);
        };
        waiting.set(id, settle);
      });
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}
