/** Talks to the control socket of another process. */
import { request, type IncomingMessage } from "node:http";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import type { Diagnostic } from "../messages/diagnostic.ts";
import type { ApplyResult, RollbackResult } from "../runtime/result.ts";
import type { StateName } from "../runtime/state.ts";
import type { Status } from "../runtime/status.ts";
import { BODY_LIMIT, readBody } from "./body.ts";
import { ROUTES, socketAddress, type RollbackRequest } from "./protocol.ts";

export interface ControlClientOptions {
  /** Milliseconds without a sign from the host after which it is given up; default 60,000. */
  readonly timeout?: number;
}

/** Throws HF3012 if no host answers, HF3015 if the answer makes no sense, and what the host answers as error. */
export class ControlClient {
  readonly #socket: string;
  readonly #timeout: number;

  constructor(socket: string, { timeout = 60_000 }: ControlClientOptions = {}) {
    this.#socket = socket;
    this.#timeout = timeout;
  }

  async apply(file: Uint8Array): Promise<ApplyResult> {
    if (file.byteLength > BODY_LIMIT) throw new HotfixError(diagnostic("HF3014", "error", { limit: BODY_LIMIT }));
    return (await this.#ask("POST", ROUTES.apply, "outcome", file)) as ApplyResult;
  }

  async rollback(to: StateName): Promise<RollbackResult> {
    return (await this.#ask("POST", ROUTES.rollback, "outcome", Buffer.from(JSON.stringify({ to } satisfies RollbackRequest)))) as RollbackResult;
  }

  async status(): Promise<Status> {
    return (await this.#ask("GET", ROUTES.status, "state")) as Status;
  }

  /** @param sign the field that tells the answer that was asked for from every other */
  async #ask(method: string, path: string, sign: string, body?: Uint8Array): Promise<object> {
    const message = await this.#send(method, path, body);
    const answered = parse(await this.#receive(message));
    if (typeof answered === "object" && answered !== null) {
      if (sign in answered) return answered;
      if ("diagnostics" in answered && Array.isArray(answered.diagnostics)) {
        const [first, ...more] = answered.diagnostics as Diagnostic[];
        if (first !== undefined) throw new HotfixError(first, ...more);
      }
    }
    throw this.#senseless(`HTTP status ${message.statusCode}`);
  }

  #send(method: string, path: string, body: Uint8Array | undefined): Promise<IncomingMessage> {
    return new Promise((done, fail) => {
      const headers = body === undefined ? {} : { "content-length": body.byteLength, "content-type": "application/json" };
      const asking = request({ socketPath: socketAddress(this.#socket), method, path, headers, timeout: this.#timeout, agent: false }, done);
      const silent = (detail: string): void => fail(new HotfixError(diagnostic("HF3012", "error", { socket: this.#socket, detail })));
      asking.on("error", (error) => silent(error.message));
      asking.on("timeout", () => {
        silent(`nothing for ${this.#timeout} ms`);
        asking.destroy();
      });
      asking.end(body);
    });
  }

  async #receive(message: IncomingMessage): Promise<Buffer> {
    try {
      return await readBody(message, BODY_LIMIT);
    } catch (error) {
      throw this.#senseless(error instanceof Error ? error.message : String(error));
    }
  }

  #senseless(detail: string): HotfixError {
    return new HotfixError(diagnostic("HF3015", "error", { socket: this.#socket, detail }));
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}
