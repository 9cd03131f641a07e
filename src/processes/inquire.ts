/** What has become of a process that was told to commit and did not answer. */
import { ControlClient, NoHostError } from "../control/client.ts";
import { diagnostic, type HotfixError, type Diagnostic } from "../messages/diagnostic.ts";
import type { ProcessOutcome } from "./answer.ts";
import type { Held } from "./two-phases.ts";

const PATIENCE = 3000;
const PAUSE = 100;

interface Finding {
  readonly outcome: ProcessOutcome;
  readonly diagnostics: readonly Diagnostic[];
}

export async function inquire({ party: { path: socket }, prepared: { operation, patch }, answerer }: Held, lost: HotfixError): Promise<Finding> {
  const until = performance.now() + PATIENCE;
  do {
    const client = new ControlClient(socket, { timeout: Math.max(1, until - performance.now()) });
    try {
      const status = await client.status();
      if (client.answerer !== answerer) return hasEnded(socket);
      if (status.state === patch) return { outcome: operation === "apply" ? "applied" : "rolled-back", diagnostics: [] };
      if (!status.busy) return { outcome: "failed", diagnostics: lost.diagnostics };
    } catch (error) {
      // one that is dying may still take the connection
      if (error instanceof NoHostError && error.isDeserted) return hasEnded(socket);
    }
    await new Promise((done) => setTimeout(done, PAUSE));
  } while (performance.now() < until);
  return { outcome: "unknown", diagnostics: [diagnostic("HF3046", "error", { socket })] };
}

function hasEnded(socket: string): Finding {
  return { outcome: "ended", diagnostics: [diagnostic("HF3049", "error", { socket })] };
}
