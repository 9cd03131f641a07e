/** The same question to several processes, whatever each has to say. */
import { ControlClient, NoHostError } from "../control/client.ts";
import { HotfixError } from "../messages/diagnostic.ts";
import type { FoundSocket } from "./find-sockets.ts";

interface Base {
  readonly socket: string;
  readonly pid: number | undefined;
  /** A pattern found the socket, and nobody is there. */
  readonly isDeserted: boolean;
}

export type Asked<T> = Base & ({ readonly answer: T; readonly error?: undefined } | { readonly answer?: undefined; readonly error: HotfixError });

export async function askEach<T>(sockets: readonly FoundSocket[], timeout: number, ask: (client: ControlClient) => Promise<T>): Promise<readonly Asked<T>[]> {
  return await Promise.all(
    sockets.map(async ({ path: socket, isNamed }): Promise<Asked<T>> => {
      const client = new ControlClient(socket, { timeout });
      try {
        const answer = await ask(client);
        return { socket, pid: client.pid, isDeserted: false, answer };
      } catch (error) {
        if (!(error instanceof HotfixError)) throw error;
        return { socket, pid: client.pid, isDeserted: error instanceof NoHostError && error.isDeserted && !isNamed, error };
      }
    }),
  );
}
