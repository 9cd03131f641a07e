/** Keep-alive traffic: many players buying potions. */
import autocannon, { type Result } from "autocannon";

export interface Traffic {
  /** Ends the load and counts. */
  stop(): Promise<{ readonly requests: number; readonly failed: number }>;
}

export interface TrafficOptions {
  /** Players that take turns. */
  readonly players: number;
  readonly connections: number;
  /** Requests a second, of all connections together. */
  readonly rate: number;
}

export function startTraffic(origin: string, { players, connections, rate }: TrafficOptions): Traffic {
  let wrong = 0;
  const { promise: ended, resolve, reject } = Promise.withResolvers<Result>();
  const options = {
    url: origin,
    connections,
    overallRate: rate,
    // Stopped by hand; the end is for a demo that was interrupted.
    duration: 120,
    requests: Array.from({ length: players }, (_, player) => ({
      method: "POST" as const,
      path: `/buy?player=p${player}&item=potion&quantity=1`,
      onResponse: (status: number, body: string) => {
        if (status !== 200 || !body.startsWith('{"ok":')) wrong++;
      },
    })),
  };
  const instance = autocannon(options, (error: Error | null, result) => (error ? reject(error) : resolve(result)));
  return {
    async stop() {
      instance.stop();
      const { requests, errors, timeouts } = await ended;
      return { requests: requests.total, failed: errors + timeouts + wrong };
    },
  };
}
